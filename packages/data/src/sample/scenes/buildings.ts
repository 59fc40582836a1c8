import { lit } from '../drawing/colour';
import { createFacadeStyle, type FacadeStyle, paintFacade } from '../elements/facade';
import { paintMeadow } from '../elements/ground';
import { paintSky } from '../elements/sky';
import { paintBroadleaf, pickFoliage } from '../elements/tree';
import type { Picture } from '../picture';

/** One or more buildings: straight on, round a corner, or a skyline. */
export function paintBuildings(picture: Picture): void {
  const { canvas, dice } = picture;
  const { side } = canvas;
  const ground = dice.between(0.75, 1.1) * side;
  paintSky(picture, ground);
  if (ground < side) paintMeadow(picture, ground);
  const count = dice.pick([1, 1, 2, 3, 5]);
  for (let building = 0; building < count; building++) {
    const width = dice.between(0.5, 1.1) * side * (count === 1 ? 1 : 1.4 / count + 0.1);
    const left = count === 1 ? dice.between(-0.15, 0.3) * side : dice.between(-0.2, 0.9) * side;
    const height = dice.between(0.35, 1.05) * side;
    paintBuilding(picture, left, left + width, ground - height, ground + 1);
  }
  if (dice.chance(0.5)) paintStreetTrees(picture, ground);
}

function paintBuilding(
  picture: Picture,
  left: number,
  right: number,
  top: number,
  ground: number,
): void {
  const { dice } = picture;
  const style = createFacadeStyle(picture);
  if (dice.chance(0.45)) {
    paintCorner(picture, left, right, top, ground, style);
    return;
  }
  if (dice.chance(0.3)) paintGable(picture, left, right, top, style);
  paintFacade(
    picture,
    { left, right, leftTop: top, rightTop: top, leftBottom: ground, rightBottom: ground },
    style,
  );
}

/** Two walls that run away from the viewer, one in the shade. */
function paintCorner(
  picture: Picture,
  left: number,
  right: number,
  top: number,
  ground: number,
  style: FacadeStyle,
): void {
  const { dice, light } = picture;
  const edge = left + (right - left) * dice.between(0.3, 0.7);
  const drop = (ground - top) * dice.between(0.08, 0.3);
  const rise = (ground - top) * dice.between(0, 0.06);
  const near = { top, ground };
  const far = { top: top + drop, ground: ground - rise };
  const shade = (wallSide: number) => style.brightness * (wallSide * light.sunSide > 0 ? 1 : 0.65);
  paintFacade(
    picture,
    {
      left,
      right: edge,
      leftTop: far.top,
      leftBottom: far.ground,
      rightTop: near.top,
      rightBottom: near.ground,
    },
    { ...style, brightness: shade(-1) },
  );
  paintFacade(
    picture,
    {
      left: edge,
      right,
      leftTop: near.top,
      leftBottom: near.ground,
      rightTop: far.top,
      rightBottom: far.ground,
    },
    { ...style, columns: dice.whole(3, 8), brightness: shade(1) },
  );
}

function paintGable(
  { canvas, dice }: Picture,
  left: number,
  right: number,
  top: number,
  style: FacadeStyle,
): void {
  const tiles = lit(
    [dice.between(80, 160), dice.between(60, 90), dice.between(50, 80)],
    style.brightness,
  );
  const ridge = { x: (left + right) / 2, y: top - (right - left) * dice.between(0.15, 0.4) };
  canvas.polygon([{ x: left - 3, y: top }, ridge, { x: right + 3, y: top }], () => tiles);
}

function paintStreetTrees(picture: Picture, ground: number): void {
  const { canvas, dice } = picture;
  const leaf = pickFoliage(dice);
  const trees = dice.whole(1, 4);
  for (let tree = 0; tree < trees; tree++) {
    const foot = { x: dice.between(0, canvas.side), y: Math.min(ground, canvas.side) + 3 };
    paintBroadleaf(picture, foot, dice.between(0.15, 0.4) * canvas.side, leaf);
  }
}
