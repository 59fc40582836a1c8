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
  canvas.paint((x, y) => {
    const clear = mix(light.skyTop, light.skyBottom, Math.min(1, Math.max(0, y / (horizon + 1))));
    if (y > horizon + CLOUDLESS_BELOW) return light.skyBottom;
    const density = noise.fractal(x / size / stretch + shift, y / size + shift, 4) * 2;
    const cover = Math.min(0.9, Math.max(0, (density - edge) * 1.5));
    return mix(clear, light.cloudColour, cover);
  });
}
