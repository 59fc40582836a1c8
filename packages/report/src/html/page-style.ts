import { PALETTE } from '../chart-style';

/** Lighter than in pictures, to stand out on a dark ground. */
const DARK_PALETTE = [
  '#5db3ea',
  '#f0b440',
  '#2fc79b',
  '#e09cc4',
  '#8fd0f5',
  '#f08a4b',
  '#a3acb9',
  '#f0e442',
];

const LIGHT = `
  --page: #f5f6f8; --surface: #ffffff; --text: #1c2430; --muted: #596273; --axis: #8a93a3;
  --grid: #e6e9ee; --failure: #b3261e; --warning: #fff4dc; --warning-edge: #e69f00; --accent: #005a8c;
  --heat: #0072b2; ${variables(PALETTE)}`;

const DARK = `
  --page: #11151b; --surface: #1a2029; --text: #e8ecf2; --muted: #a8b2c1; --axis: #6d7788;
  --grid: #2d3542; --failure: #ff8a80; --warning: #332a14; --warning-edge: #f0b440; --accent: #7cc4f2;
  --heat: #3f9bd6; ${variables(DARK_PALETTE)}`;

function variables(palette: readonly string[]): string {
  return palette.map((color, i) => `--series-${i}: ${color};`).join(' ');
}

const SHADES = Array.from({ length: 11 }, (_, shade) => shade);

/** A table's cell keeps its figure legible: half of the ground's strength at most stands under it. */
const HEAT = SHADES.map(
  (shade) =>
    `.heat-${shade} { background: color-mix(in srgb, var(--heat) ${shade * 5}%, var(--surface)); }
.shade-${shade} { fill: color-mix(in srgb, var(--heat) ${shade * 10}%, var(--surface)); }`,
).join('\n');

/** The page's one style sheet. */
export const PAGE_STYLE = `
:root { color-scheme: light dark; ${LIGHT} }
@media screen and (prefers-color-scheme: dark) { :root { ${DARK} } }
* { box-sizing: border-box; }
body { margin: 0; background: var(--page); color: var(--text);
  font: 16px/1.55 Inter, system-ui, -apple-system, "Segoe UI", "Liberation Sans", sans-serif; }
header, main, footer { max-width: 1180px; margin: 0 auto; padding: 0 20px; }
header { padding-top: 36px; }
h1 { font-size: clamp(1.5rem, 4vw, 2.1rem); line-height: 1.2; margin: 0 0 6px; overflow-wrap: anywhere; }
h2 { font-size: 1.35rem; margin: 44px 0 12px; }
h3 { font-size: 1rem; margin: 0 0 8px; overflow-wrap: anywhere; }
p, li, dd { overflow-wrap: anywhere; }
.subtitle { color: var(--muted); margin: 0 0 20px; }
.answer { background: var(--surface); border-left: 5px solid var(--accent); border-radius: 6px;
  padding: 18px 22px; box-shadow: 0 1px 3px rgb(0 0 0 / .09); }
.answer p { font-size: 1.2rem; line-height: 1.45; margin: 0 0 8px; }
.answer ul { margin: 0 0 8px; padding-left: 20px; }
.warnings ul { background: var(--warning); border-left: 5px solid var(--warning-edge); border-radius: 6px;
  margin: 0; padding: 14px 22px 14px 40px; }
.grid { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 460px), 1fr)); gap: 18px; }
.card { background: var(--surface); border-radius: 8px; padding: 18px; margin: 0; min-width: 0;
  box-shadow: 0 1px 3px rgb(0 0 0 / .09); break-inside: avoid; }
.chart { display: block; width: 100%; height: auto; font-family: inherit; }
.card:has(.importance) { max-width: 330px; }
.importance { display: block; width: min(100%, 288px); height: auto; shape-rendering: crispEdges; }
figcaption { color: var(--muted); font-size: .87rem; margin: 6px 0 8px; }
.legend { list-style: none; margin: 0 0 6px; padding: 0; display: flex; flex-wrap: wrap; gap: 2px 18px; font-size: .87rem; }
.mark { width: 12px; height: 12px; margin-right: 6px; vertical-align: -1px; }
${PALETTE.map((_, i) => `.series-${i} { fill: var(--series-${i}); }`).join('\n')}
.scroll { overflow-x: auto; }
details .scroll + .scroll { margin-top: 18px; }
pre { white-space: pre-wrap; overflow-wrap: anywhere; }
table { border-collapse: collapse; font-size: .9rem; font-variant-numeric: tabular-nums; }
table.sortable { width: 100%; background: var(--surface); border-radius: 8px; }
.results { margin: 0; }
th, td { padding: 7px 10px; text-align: right; border-bottom: 1px solid var(--grid); vertical-align: top; }
th:first-child, .words { text-align: left; }
.sentence { min-width: 14rem; }
thead th { vertical-align: bottom; font-weight: 600; }
tbody th { font-weight: 500; min-width: 9rem; }
table.sortable th:first-child { position: sticky; left: 0; background: var(--surface); z-index: 1; }
small { color: var(--muted); display: block; font-size: .8rem; white-space: nowrap; }
th button { font: inherit; font-weight: 600; color: inherit; background: none; border: 0; padding: 2px;
  cursor: pointer; text-align: inherit; }
.arrow::after { content: " ↕"; color: var(--muted); }
[aria-sort=ascending] .arrow::after { content: " ↑"; color: var(--accent); }
[aria-sort=descending] .arrow::after { content: " ↓"; color: var(--accent); }
:focus-visible { outline: 3px solid var(--accent); outline-offset: 2px; }
.failure { color: var(--failure); font-weight: 600; }
.confusion td { text-align: center; min-width: 2.6rem; border: 1px solid var(--surface); }
.confusion th { font-weight: 500; font-size: .82rem; min-width: 0; }
.confusion thead th { text-align: center; }
${HEAT}
.gallery { list-style: none; padding: 0; display: grid; gap: 14px; grid-template-columns: repeat(auto-fill, minmax(150px, 1fr)); }
.gallery li { background: var(--surface); border-radius: 8px; padding: 10px; break-inside: avoid; }
.gallery img { width: 100%; height: auto; border-radius: 4px; display: block; }
.gallery p { font-size: .78rem; line-height: 1.4; margin: 8px 0 0; }
dl { background: var(--surface); border-radius: 8px; padding: 8px 18px; margin: 0; }
dl div { display: grid; grid-template-columns: minmax(120px, 220px) 1fr; gap: 12px; padding: 6px 0; border-bottom: 1px solid var(--grid); }
dl div:last-child { border-bottom: 0; }
dt { color: var(--muted); }
dd { margin: 0; }
.pricing label { display: block; color: var(--muted); }
.pricing input { font: inherit; color: inherit; background: var(--surface); border: 1px solid var(--axis);
  border-radius: 6px; padding: 8px 10px; width: min(100%, 12rem); }
summary { cursor: pointer; color: var(--accent); font-size: .9rem; }
a { color: var(--accent); }
footer { padding-top: 32px; padding-bottom: 48px; color: var(--muted); }
@media (max-width: 560px) {
  header, main, footer { padding-left: 12px; padding-right: 12px; }
  .card { padding: 12px; }
  dl div { grid-template-columns: 1fr; gap: 0; }
}
@media print {
  body { background: #ffffff; font-size: 11pt; }
  .card, .answer { box-shadow: none; border: 1px solid var(--grid); }
  .grid { grid-template-columns: 1fr 1fr; }
  .scroll { overflow: visible; }
  .scroll > table { font-size: .58rem; width: 100%; }
  .scroll > table th, .scroll > table td { padding: 3px 2px; overflow-wrap: anywhere; }
  table.sortable small { font-size: .5rem; white-space: normal; }
  .card:has(.importance) { max-width: none; }
  tbody th { min-width: 0; }
  .confusion { font-size: .6rem; }
  .confusion th { font-size: inherit; }
  .confusion th, .confusion td { padding: 3px; min-width: 0; }
  .arrow, details { display: none; }
  h2 { break-after: avoid; }
}
`;
