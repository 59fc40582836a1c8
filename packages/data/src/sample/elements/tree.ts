import type { Point } from '../drawing/canvas';
import { type Colour, lit, mix } from '../drawing/colour';
import type { Dice } from '../drawing/dice';
import type { Picture } from '../picture';

/** Summer green, dark fir, olive, autumn gold, rust, bare and grey, under snow. */
const FOLIAGE: readonly [Colour, ...Colour[]] = [
  [70, 115, 45],
  [35, 65, 45],
  [105, 110, 55],
  [190, 145, 45],
  [150, 75, 40],
  [110, 105, 95],
  [200, 208, 215],
];

/** The colour of the leaves of a season. */
export function pickFoliage(dice: Dice): Colour {
  return mix(dice.pick(FOLIAGE), dice.pick(FOLIAGE), dice.between(0, 0.5));
}

/** A fir: a cone of ragged boughs that stands on `foot`. */
export function paintConifer(picture: Picture, foot: Point, height: number, leaf: Colour): void {
  const { canvas, dice, light, noise } = picture;
  const halfWidth = height * dice.between(0.14, 0.24);
  const shift = dice.between(0, 60);
  canvas.paint(
    (x, y) => {
      const down = (y - (foot.y - height)) / height;
      const ragged = 0.75 + 0.5 * noise.at(y / 2 + shift, shift) + 0.3 * noise.at(x, y);
      if (Math.abs(x - foot.x) > halfWidth * down * ragged) return undefined;
      const side = ((x - foot.x) / halfWidth) * light.sunSide * 0.3;
      return lit(
        leaf,
        light.brightness * (0.75 + side + 0.35 * noise.at(x / 1.7 + shift, y / 1.7)),
      );
    },
    { left: foot.x - halfWidth, right: foot.x + halfWidth, top: foot.y - height, bottom: foot.y },
  );
}

/** A cloud of leaves: small dabs, brighter towards the light. */
export function paintFoliage(
  { canvas, dice, light }: Picture,
  centre: Point,
  radius: number,
  leaf: Colour,
): void {
  const dabs = Math.round(radius * 2.2);
  for (let dab = 0; dab < dabs; dab++) {
    const angle = dice.between(0, 2 * Math.PI);
    const distance = radius * Math.sqrt(dice.between(0, 1));
    const at = {
      x: centre.x + distance * Math.cos(angle),
      y: centre.y + distance * Math.sin(angle),
    };
    const towardsLight = ((at.x - centre.x) * light.sunSide - (at.y - centre.y)) / radius;
    const tone = light.brightness * (0.75 + 0.25 * towardsLight + dice.between(-0.25, 0.25));
    const size = dice.between(0.8, 1 + radius * 0.14);
    canvas.ellipse(at, size, size * dice.between(0.6, 1), lit(leaf, tone));
  }
}

/** A broad-leaved tree on `foot`. */
export function paintBroadleaf(picture: Picture, foot: Point, height: number, leaf: Colour): void {
  const { canvas, dice, light } = picture;
  const crown = { x: foot.x, y: foot.y - height * 0.65 };
  canvas.line(foot, crown, Math.max(1, height * 0.07), lit([75, 60, 48], light.brightness));
  for (let bough = 0; bough < 3; bough++) {
    const centre = {
      x: crown.x + height * dice.between(-0.2, 0.2),
      y: crown.y + height * dice.between(-0.15, 0.12),
    };
    paintFoliage(picture, centre, height * dice.between(0.2, 0.3), leaf);
  }
}
