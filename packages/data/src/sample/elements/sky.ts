import { mix } from '../drawing/colour';
import type { Picture } from '../picture';

/** Pixels under the horizon from which on the sky is surely covered, and not worth clouds. */
const CLOUDLESS_BELOW = 40;

/** Fills the picture with sky: a gradient down to `horizon`, and clouds. */
export function paintSky({ canvas, dice, noise, light }: Picture, horizon: number): void {
  const stretch = dice.between(1.5, 4);
  const size = dice.between(18, 45);
  const edge = 1 - 1.6 * light.clouds;
  const shift = dice.between(0, 60);
  const rows = Array.from({ length: canvas.side }, (_, y) =>
    mix(light.skyTop, light.skyBottom, Math.min(1, Math.max(0, y / (horizon + 1)))),
  );
  canvas.paint((x, y) => {
    const clear = rows[y] ?? light.skyBottom;
    if (y > horizon + CLOUDLESS_BELOW) return clear;
    const density = noise.fractal(x / size / stretch + shift, y / size + shift, 4) * 2;
    const cover = Math.min(0.9, (density - edge) * 1.5);
    return cover > 0 ? mix(clear, light.cloudColour, cover) : clear;
  });
}
