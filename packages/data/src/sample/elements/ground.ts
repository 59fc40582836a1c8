import { type Colour, lit, mix } from '../drawing/colour';
import type { Picture } from '../picture';
import { pickFoliage } from './tree';

/** Grass, heath, scree or snow from `top` down, its edge uneven. */
export function paintMeadow({ canvas, dice, noise, light }: Picture, top: number): void {
  const soil = mix(
    pickFoliage(dice),
    dice.pick<Colour>([
      [120, 105, 80],
      [215, 220, 228],
    ]),
    dice.between(0, 0.8),
  );
  const shift = dice.between(0, 60);
  canvas.paint((x, y) => {
    const edge = top + 5 * noise.at(x / 25 + shift, shift);
    if (y < edge) return undefined;
    const size = 2 + (y - edge) * 0.12;
    const tuft = noise.fractal(x / (size * 2) + shift, y / size + shift, 3);
    return lit(soil, light.brightness * (0.85 + 0.45 * tuft));
  });
}

export interface WaterOptions {
  /** A lake that mirrors, rather than a sea with waves. */
  readonly calm: boolean;
}

/** Water from `top` down: the sky's colour, in streaks that widen towards the viewer. */
export function paintWater(
  { canvas, dice, noise, light }: Picture,
  top: number,
  { calm }: WaterOptions,
): void {
  const deep = dice.pick<Colour>([
    [25, 60, 85],
    [35, 95, 110],
    [60, 75, 80],
    [20, 35, 50],
    [70, 110, 105],
  ]);
  const water = mix(deep, light.skyBottom, dice.between(0.1, 0.65));
  const swell = calm ? dice.between(0.05, 0.2) : dice.between(0.3, 0.65);
  const foam = calm ? 2 : dice.between(0.35, 0.95);
  const shift = dice.between(0, 60);
  const middle = dice.between(0, canvas.side);
  const length = dice.between(0.25, 0.6);
  canvas.paint(
    (x, y) => {
      const nearness = (y - top + 3) / canvas.side;
      const wave = noise.fractal(
        ((x - middle) * length) / (3 + 22 * nearness) + shift,
        (calm ? 10 : 9) * Math.log(nearness) + 0.4 * noise.at(x / 20, y / 9) + shift,
        3,
      );
      if (wave > foam) return lit([235, 240, 242], light.brightness);
      const surface = lit(water, light.brightness * (0.9 + swell * wave * 1.3));
      return mix(surface, light.haze, light.hazeAmount * Math.max(0, 1 - 3 * nearness));
    },
    { top },
  );
}
