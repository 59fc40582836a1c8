import { type Colour, lit, mix } from '../drawing/colour';
import type { Picture } from '../picture';

export interface RidgeOptions {
  /** Height of the highest summit above `base`, in pixels. */
  readonly height: number;
  /** Where the slope ends below. */
  readonly base: number;
  readonly rock: Colour;
  /** Snow lies on what is higher than this share of the height; 1 and more: none. */
  readonly snowLine: number;
  /** 0 rounded like hills, 1 jagged. */
  readonly jaggedness: number;
  /** Share of the haze over it, 0–1. */
  readonly haze: number;
}

/** Paints a mountain range: summits of broken lines, and slopes with gullies lit from one side. */
export function paintRidge(picture: Picture, options: RidgeOptions): void {
  const { canvas, noise, light, dice } = picture;
  const { base, height, rock, snowLine, haze } = options;
  const skyline = createSkyline(picture, options);
  const shift = dice.between(0, 60);
  const gully = dice.between(7, 15);
  const lean = dice.between(-0.8, 0.8);
  canvas.paint(
    (x, y) => {
      const depth = y - (skyline[x] as number);
      if (depth < 0) return undefined;
      const along = (x + lean * depth) / gully + noise.at(x / 25 + shift, y / 25) + shift;
      const down = depth / (gully * 2.5) + shift;
      const rise = noise.fractal(along + 0.3, down, 4) - noise.fractal(along, down, 4);
      const slope = rise * Math.sign(light.sunSide) * 1.6;
      const elevation = (base - y) / height + noise.at(x / 6 + shift, y / 6) * 0.12;
      const surface = elevation > snowLine + slope * 0.15 ? ([238, 242, 248] as const) : rock;
      const shaded = lit(surface, light.brightness * Math.max(0.25, 0.8 + slope));
      return mix(shaded, light.haze, haze * light.hazeAmount);
    },
    { bottom: base },
  );
}

/** The y of the crest above each x: peaks joined by straight slopes, roughened. */
function createSkyline(
  { canvas, dice, noise }: Picture,
  { base, height, jaggedness }: RidgeOptions,
): Float32Array {
  const spacing = dice.between(30, 70);
  const start = dice.between(0, 60);
  const shift = dice.between(0, 60);
  return Float32Array.from({ length: canvas.side }, (_, x) => {
    const position = x / spacing + start;
    const rounded = 0.5 + 0.5 * noise.at(position, shift);
    const fold = 1 - Math.abs(2 * (position - Math.floor(position)) - 1);
    const peaked = (0.35 + 0.65 * fold) * (0.65 + 0.35 * noise.at(Math.floor(position), shift + 9));
    const rough = noise.fractal(x / 7, shift, 3) * 0.12 * jaggedness;
    const share = rounded * (1 - jaggedness) + peaked * jaggedness + rough;
    return base - height * Math.max(0.1, share);
  });
}
