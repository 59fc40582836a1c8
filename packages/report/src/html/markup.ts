/** Text that is HTML already. */
export class Markup {
  readonly source: string;

  constructor(source: string) {
    this.source = source;
  }
}

type Insert = Markup | string | number | undefined | readonly Insert[];

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

/** A template whose inserts are escaped, but for markup; lists are joined, undefined is nothing. */
export function html(strings: TemplateStringsArray, ...inserts: readonly Insert[]): Markup {
  const parts = strings.map((text, i) => text + (i < inserts.length ? source(inserts[i]) : ''));
  return new Markup(parts.join(''));
}

function source(insert: Insert): string {
  if (insert instanceof Markup) return insert.source;
  if (insert === undefined) return '';
  if (typeof insert === 'object') return insert.map(source).join('');
  return escapeHtml(String(insert));
}

/** `text` as it must stand in HTML, in an element or in a quoted attribute. */
export function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (character) => ENTITIES[character] as string);
}
