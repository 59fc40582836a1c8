import { type Colour, lit, mix } from '../drawing/colour';
import { paintSky } from '../elements/sky';
import { paintConifer, paintFoliage, pickFoliage } from '../elements/tree';
import type { Picture } from '../picture';

/** Among the trunks, or the edge of a wood seen from outside. */
export function paintForest(picture: Picture): void {
  if (picture.dice.chance(0.7)) paintAmongTrunks(picture);
  else paintWoodland(picture);
}

function paintAmongTrunks(picture: Picture): void {
  const { canvas, dice, noise, light } = picture;
  const { side } = canvas;
  const leaf = pickFoliage(dice);
  const floor = dice.between(0.6, 0.95) * side;
  paintSky(picture, floor);
  paintUndergrowth(picture, leaf, floor, dice.between(-0.5, 0.35));
  const bark = mix(
    dice.pick<Colour>([
      [80, 62, 48],
      [105, 100, 95],
      [205, 200, 190],
    ]),
    leaf,
    0.15,
  );
  const trunks = dice.whole(6, 22);
  const shift = dice.between(0, 60);
  for (let trunk = 0; trunk < trunks; trunk++) {
    const nearness = (trunk + 1) / trunks;
    const width = (1.5 + 9 * nearness ** 2) * dice.between(0.7, 1.4);
    const foot = floor + (side - floor) * nearness * dice.between(0.2, 1);
    const x = dice.between(0, side);
    const lean = dice.between(-0.08, 0.08);
    const tone = light.brightness * (0.45 + 0.4 * dice.between(0, 1));
    canvas.paint(
      (px, py) => {
        const offset =
          (px - x - lean * (foot - py)) / width + 0.2 * noise.at(py / 12, shift + trunk);
        if (Math.abs(offset) > 0.5) return undefined;
        const grain = 0.25 * noise.fractal(px / 1.5 + shift, py / 7 + shift, 2);
        const round = offset * light.sunSide * 0.6;
        const near = lit(bark, tone * (1 + grain + round));
        return mix(near, light.haze, light.hazeAmount * (1 - nearness));
      },
      { left: x - width - 0.08 * side, right: x + width + 0.08 * side, bottom: foot },
    );
  }
  const boughs = dice.whole(4, 18);
  for (let bough = 0; bough < boughs; bough++) {
    const centre = { x: dice.between(0, side), y: dice.between(-0.1, 0.6) * side };
    paintFoliage(picture, centre, dice.between(6, 17), lit(leaf, dice.between(0.7, 1.2)));
  }
}

/** Leaves far and near behind the trunks, and what lies on the ground. */
function paintUndergrowth(
  { canvas, dice, noise, light }: Picture,
  leaf: Colour,
  floor: number,
  openness: number,
): void {
  const shift = dice.between(0, 60);
  const ground = mix(pickFoliage(dice), [95, 80, 60], dice.between(0.2, 0.8));
  canvas.paint((x, y) => {
    const clump = noise.fractal(x / 14 + shift, y / 14 + shift, 5);
    const speck = noise.at(x / 1.5 + shift, y / 1.5 + shift);
    if (y > floor + 4 * clump)
      return lit(ground, light.brightness * (0.8 + 0.4 * clump + 0.25 * speck));
    if (clump < openness - 0.3) return undefined;
    const shaded = lit(leaf, light.brightness * (0.7 + 0.7 * clump + 0.3 * speck));
    return mix(shaded, light.haze, light.hazeAmount * 0.8);
  });
}

function paintWoodland(picture: Picture): void {
  const { canvas, dice, light } = picture;
  const { side } = canvas;
  const horizon = dice.between(0.05, 0.4) * side;
  paintSky(picture, horizon);
  const leaf = pickFoliage(dice);
  const rows = dice.whole(4, 7);
  for (let row = 0; row < rows; row++) {
    const nearness = (row + 1) / rows;
    const foot = horizon + (side * 1.15 - horizon) * nearness;
    const height = (0.18 + 0.35 * nearness) * side;
    const tone = mix(leaf, light.haze, light.hazeAmount * (1 - nearness));
    const trees = Math.round(side / (height * 0.3));
    for (let tree = 0; tree < trees; tree++) {
      const at = { x: dice.between(0, side), y: foot + dice.between(-0.15, 0.15) * height };
      if (dice.chance(0.75)) paintConifer(picture, at, height * dice.between(0.7, 1.2), tone);
      else paintFoliage(picture, { x: at.x, y: at.y - height / 2 }, height * 0.25, tone);
    }
  }
}
