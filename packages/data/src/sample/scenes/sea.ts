import { type Colour, lit } from '../drawing/colour';
import { paintWater } from '../elements/ground';
import { paintRidge } from '../elements/ridge';
import { paintSky } from '../elements/sky';
import type { Picture } from '../picture';

/** Waves to the horizon, perhaps with a coast behind, a shore before, boats or the sun's path. */
export function paintSea(picture: Picture): void {
  const { canvas, dice } = picture;
  const { side } = canvas;
  const horizon = dice.between(0.08, 0.7) * side;
  paintSky(picture, horizon);
  if (dice.chance(0.3)) {
    paintRidge(picture, {
      base: horizon + 2,
      height: dice.between(0.08, 0.35) * side,
      rock: [dice.between(70, 130), dice.between(80, 120), dice.between(60, 110)],
      snowLine: 2,
      jaggedness: dice.between(0, 0.8),
      haze: dice.between(0.4, 1),
    });
  }
  paintWater(picture, horizon, { calm: false });
  if (dice.chance(0.3)) paintSunPath(picture, horizon);
  if (dice.chance(0.4)) paintBoats(picture, horizon);
  if (dice.chance(0.45)) paintShore(picture, horizon);
}

function paintSunPath({ canvas, dice, light, noise }: Picture, horizon: number): void {
  const centre = canvas.side * (0.5 + 0.4 * light.sunSide);
  const shift = dice.between(0, 60);
  canvas.paint(
    (x, y) => {
      const spread = 4 + (y - horizon) * 0.25;
      const glitter = noise.at(x / 4 + shift, y / 1.3 + shift);
      return Math.abs(x - centre) < spread * (0.6 + glitter) && glitter > 0
        ? [255, 240, 205]
        : undefined;
    },
    { top: horizon },
    0.7,
  );
}

function paintBoats({ canvas, dice, light }: Picture, horizon: number): void {
  const boats = dice.whole(1, 3);
  for (let boat = 0; boat < boats; boat++) {
    const size = dice.between(5, 16);
    const x = dice.between(0, canvas.side);
    const y = horizon + size * dice.between(0.2, 1);
    const hull = lit(
      [dice.between(30, 230), dice.between(30, 200), dice.between(30, 200)],
      light.brightness,
    );
    const keel = [
      { x: x - size, y: y - size * 0.35 },
      { x: x + size, y: y - size * 0.35 },
      { x: x + size * 0.6, y },
      { x: x - size * 0.6, y },
    ];
    canvas.polygon(keel, () => hull);
    const mast = { x, y: y - size * dice.between(1.2, 2.2) };
    canvas.line({ x, y: y - size * 0.35 }, mast, 1, [60, 50, 40]);
    const sail = [mast, { x: x + size * 0.8, y: y - size * 0.5 }, { x, y: y - size * 0.5 }];
    if (dice.chance(0.6)) canvas.polygon(sail, () => lit([240, 238, 230], light.brightness));
  }
}

/** Sand or rock in a corner, with a rim of foam. */
function paintShore({ canvas, dice, noise, light }: Picture, horizon: number): void {
  const { side } = canvas;
  const sand = dice.pick<Colour>([
    [215, 190, 145],
    [150, 135, 115],
    [90, 85, 82],
  ]);
  const tilt = dice.between(-0.6, 0.6);
  const level = dice.between(Math.max(0.7, horizon / side + 0.15), 1.05) * side;
  const shift = dice.between(0, 60);
  canvas.paint((x, y) => {
    const edge = level + tilt * (x - side / 2) + 6 * noise.fractal(x / 22 + shift, shift, 3);
    if (y < edge || y < horizon + 3) return undefined;
    if (y < edge + 3) return lit([240, 243, 243], light.brightness);
    return lit(sand, light.brightness * (0.95 + 0.15 * noise.fractal(x / 4 + shift, y / 4, 3)));
  });
}
