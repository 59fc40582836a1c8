import { html, Markup } from './markup';

/** How much each pixel contributed to a forest's decisions. */
export interface ImportanceMap {
  readonly title: string;
  readonly height: number;
  readonly width: number;
  /** Row-major [height × width], channels added up, ≥ 0. */
  readonly values: readonly number[];
}

const SHADES = 10;

/** Where in the image the forest looks, as a map of shades. */
export function importanceSection(maps: readonly ImportanceMap[]): Markup | undefined {
  if (maps.length === 0) return undefined;
  return html`<section><h2>Where the forest looks</h2>
<p>Mean decrease in impurity by pixel, its three colours added up; the darker, the more the forest’s splits rest on it. Even shades: it looks everywhere alike.</p>
<div class="grid">${maps.map(figure)}</div></section>`;
}

function figure({ title, height, width, values }: ImportanceMap): Markup {
  return html`<figure class="card"><h3>${title}</h3><svg class="importance" role="img" aria-label="Importance map of ${title}" viewBox="0 0 ${width} ${height}">${shades(width, values)}</svg></figure>`;
}

/** One path a shade, so that a map of thousands of pixels stays small. */
function shades(width: number, values: readonly number[]): Markup[] {
  const largest = Math.max(...values, Number.MIN_VALUE);
  const paths = Array.from({ length: SHADES + 1 }, () => '');
  values.forEach((value, pixel) => {
    const shade = Math.round((value / largest) * SHADES);
    paths[shade] += `M${pixel % width} ${Math.floor(pixel / width)}h1v1h-1z`;
  });
  return paths.map((path, shade) => new Markup(`<path class="shade-${shade}" d="${path}"/>`));
}
