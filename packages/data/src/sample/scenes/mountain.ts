import type { Colour } from '../drawing/colour';
import { paintMeadow, paintWater } from '../elements/ground';
import { paintRidge } from '../elements/ridge';
import { paintSky } from '../elements/sky';
import { paintConifer, pickFoliage } from '../elements/tree';
import type { Picture } from '../picture';

const ROCKS: readonly [Colour, ...Colour[]] = [
  [120, 115, 110],
  [95, 100, 115],
  [135, 110, 90],
  [85, 105, 70],
  [145, 120, 110],
];

/** Ranges one behind the other, over meadow, lake or wood. */
export function paintMountain(picture: Picture): void {
  const { canvas, dice } = picture;
  const { side } = canvas;
  const base = dice.between(0.65, 1.05) * side;
  paintSky(picture, base);
  const ranges = dice.whole(1, 4);
  const rock = dice.pick(ROCKS);
  const snowLine = dice.pick([0.2, 0.45, 0.65, 1.5, 1.5]);
  const tallest = dice.between(0.5, 0.9) * side;
  for (let range = 0; range < ranges; range++) {
    const nearness = (range + 1) / ranges;
    paintRidge(picture, {
      base: side,
      height: side - base + tallest * (1.15 - 0.75 * (range / ranges)) * dice.between(0.85, 1.1),
      rock,
      snowLine: snowLine + 0.3 * nearness,
      jaggedness: dice.between(0.55, 1),
      haze: 1.1 - nearness,
    });
  }
  if (base < 0.95 * side) paintForeground(picture, base);
}

function paintForeground(picture: Picture, top: number): void {
  const { canvas, dice } = picture;
  if (dice.chance(0.35)) paintWater(picture, top, { calm: true });
  else paintMeadow(picture, top);
  if (dice.chance(0.4)) return;
  const leaf = pickFoliage(dice);
  const trees = dice.whole(2, 14);
  for (let tree = 0; tree < trees; tree++) {
    const foot = { x: dice.between(0, canvas.side), y: top + dice.between(0, 0.1) * canvas.side };
    paintConifer(picture, foot, dice.between(8, 30), leaf);
  }
}
