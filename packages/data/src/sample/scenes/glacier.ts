import { type Colour, lit, mix } from '../drawing/colour';
import { paintWater } from '../elements/ground';
import { paintRidge } from '../elements/ridge';
import { paintSky } from '../elements/sky';
import type { Picture } from '../picture';

/** The front of a glacier over water, or its stream of ice between the slopes. */
export function paintGlacier(picture: Picture): void {
  const { canvas, dice } = picture;
  const { side } = canvas;
  const crest = dice.between(0.15, 0.5) * side;
  paintSky(picture, crest + 0.2 * side);
  if (dice.chance(0.8)) paintSurroundings(picture, crest);
  const ice = mix(
    [225, 232, 240],
    dice.pick<Colour>([
      [150, 195, 220],
      [170, 165, 160],
      [205, 190, 185],
    ]),
    dice.between(0, 0.8),
  );
  if (dice.chance(0.5)) paintFront(picture, crest, ice);
  else paintStream(picture, crest, ice);
}

function paintSurroundings(picture: Picture, crest: number): void {
  const { canvas, dice } = picture;
  paintRidge(picture, {
    base: canvas.side,
    height: canvas.side - crest + dice.between(-0.05, 0.2) * canvas.side,
    rock: dice.pick<Colour>([
      [110, 108, 108],
      [80, 85, 98],
      [120, 100, 85],
    ]),
    snowLine: dice.pick([0.4, 0.6, 0.8, 1.5]),
    jaggedness: dice.between(0.3, 1),
    haze: dice.between(0.2, 0.9),
  });
}

/** A wall of fluted ice, broken at the top, with floes on the water before it. */
function paintFront(picture: Picture, crest: number, ice: Colour): void {
  const { canvas, dice, noise, light } = picture;
  const { side } = canvas;
  const waterline = dice.between(0.6, 1.05) * side;
  const top = crest + dice.between(0, 0.15) * side;
  const shift = dice.between(0, 60);
  const flute = dice.between(2.5, 6);
  canvas.paint(
    (x, y) => {
      const tower = noise.at(Math.floor(x / (flute * 2) + shift), shift) * 6;
      const edge = top + tower + 8 * noise.at(x / 30 + shift, shift);
      if (y < edge) return undefined;
      const bend = 1.6 * noise.at(x / 10 + shift, y / 12 + shift);
      const groove = noise.fractal((x + bend) / flute + shift, y / 25 + shift, 3);
      const block = noise.at(x / 9 + shift, y / 11 + shift) > 0.2 ? 0.3 : 0;
      const shadow: Colour = [ice[0] * 0.45, ice[1] * 0.62, ice[2] * 0.78];
      const tone = Math.min(1, Math.max(0, 0.55 + 1.1 * groove + block));
      return lit(mix(shadow, ice, tone), light.brightness * 1.05);
    },
    { bottom: waterline },
  );
  if (waterline < side) paintFloes(picture, waterline, ice);
}

function paintFloes(picture: Picture, waterline: number, ice: Colour): void {
  const { canvas, dice, light } = picture;
  paintWater(picture, waterline, { calm: true });
  const floes = dice.whole(0, 40);
  for (let floe = 0; floe < floes; floe++) {
    const y = dice.between(waterline + 2, canvas.side);
    const x = dice.between(0, canvas.side);
    const size = (2 + (y - waterline) * 0.25) * dice.between(0.4, 1.3);
    const corners = Array.from({ length: 6 }, (_, corner) => ({
      x: x + size * dice.between(0.6, 1.1) * Math.cos((corner * Math.PI) / 3),
      y: y + size * dice.between(0.25, 0.5) * Math.sin((corner * Math.PI) / 3),
    }));
    const tone = light.brightness * dice.between(0.8, 1.1);
    canvas.polygon(corners, () => lit(ice, tone));
  }
}

/** Ice that flows down in a curve, striped along by rubble and torn across by crevasses. */
function paintStream(picture: Picture, crest: number, ice: Colour): void {
  const { canvas, dice, noise, light } = picture;
  const { side } = canvas;
  const bend = dice.between(-0.7, 0.7) * side;
  const centre = dice.between(0.3, 0.7) * side;
  const spread = dice.between(0.5, 1.1) * side;
  const shift = dice.between(0, 60);
  const spacing = dice.between(0.05, 0.12);
  const rubble: Colour = [95, 90, 88];
  const dirt = dice.between(0.05, 0.5);
  const top = crest + dice.between(0.05, 0.25) * side;
  canvas.paint(
    (x, y) => {
      const nearness = (y - top) / (side - top);
      const axis = centre + bend * nearness * (1 - nearness);
      const halfWidth = (0.12 + 0.88 * nearness) * spread + 4 * noise.at(y / 9 + shift, shift);
      const lane = (x - axis) / halfWidth;
      if (Math.abs(lane) > 1) return undefined;
      const stripe = noise.at(lane * 7 + shift, nearness * 2 + shift);
      const arc = Math.log(nearness + 0.12) - 0.35 * lane * lane;
      const crack = noise.fractal(
        arc / spacing + noise.at(lane * 4, arc * 6),
        lane * 2.5 + shift,
        2,
      );
      const clean = mix(ice, rubble, stripe > 0.3 ? dirt : 0);
      if (Math.abs(crack) < 0.09 + 0.1 * noise.at(x / 20, y / 20)) {
        return lit([ice[0] * 0.35, ice[1] * 0.5, ice[2] * 0.65], light.brightness);
      }
      return lit(clean, light.brightness * (0.95 + 0.25 * crack));
    },
    { top: top + 1 },
  );
}
