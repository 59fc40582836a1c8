import { createHash } from 'node:crypto';
import { printable } from '@dlcmp/contract';
import { html, Markup } from './markup';
import { PAGE_SCRIPT } from './page-script';
import { PAGE_STYLE } from './page-style';

/**
 * A whole page around `content` that loads nothing: its policy allows the one script and the one
 * style sheet by their hashes, and pictures that are in the page.
 */
export function page(title: string, content: Markup, script = PAGE_SCRIPT): string {
  const policy = [
    "default-src 'none'",
    `script-src '${hash(script)}'`,
    `style-src '${hash(PAGE_STYLE)}'`,
    'img-src data:',
    "base-uri 'none'",
    "form-action 'none'",
  ].join('; ');
  const document = html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${title}</title>
<style>${new Markup(PAGE_STYLE)}</style>
</head>
<body>
${content}
<script>${new Markup(script)}</script>
</body>
</html>
`;
  return printable(document.source);
}

function hash(content: string): string {
  return `sha256-${createHash('sha256').update(content).digest('base64')}`;
}
