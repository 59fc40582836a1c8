import type { Check } from '@dlcmp/bench-core/results';
import type { Report, ReportedContender } from '../report';
import { html, type Markup } from './markup';

/** Every check of every contender: what it proves, the largest figure over the seeds, and the limit. */
export function checksSection({ contenders }: Report): Markup | undefined {
  const rows = contenders.flatMap((contender) =>
    largestFigures(contender).map(
      (check) =>
        html`<tr><th scope="row">${contender.title}</th><td>${check.id}</td><td>${check.proves}</td><td>${shown(check.figure)}</td><td>${shown(check.limit)}</td><td${check.passed ? undefined : html` class="failure"`}>${check.passed ? 'passed' : 'failed'}</td></tr>`,
    ),
  );
  if (rows.length === 0) return undefined;
  return html`<section><h2>Checks</h2><p>A contender that fails one is compared with no other.</p><details><summary>Every check with its figure and limit</summary><div class="scroll" tabindex="0" role="region" aria-label="Checks"><table>
<thead><tr>${['Framework', 'Check', 'What it proves', 'Figure', 'Limit', ''].map((title) => html`<th scope="col">${title}</th>`)}</tr></thead>
<tbody>${rows}</tbody></table></div></details></section>`;
}

/** Of each check the worst over a contender's trials. */
function largestFigures({ completed }: ReportedContender): Check[] {
  const worst = new Map<string, Check>();
  for (const check of completed.flatMap(({ checks = [] }) => checks)) {
    const known = worst.get(check.id);
    if (!known || isWorse(check, known)) worst.set(check.id, check);
  }
  return [...worst.values()];
}

function isWorse(check: Check, known: Check): boolean {
  if (check.passed !== known.passed) return known.passed;
  return (check.figure ?? Number.POSITIVE_INFINITY) > (known.figure ?? Number.POSITIVE_INFINITY);
}

function shown(value: number | null): string {
  return value === null ? '–' : String(Number(value.toPrecision(3)));
}
