import { lit } from '../drawing/colour';
import type { Picture } from '../picture';
import { paintFoliage, pickFoliage } from './tree';

/** What gets before the lens at any place: birds, a twig from the corner, a post, a wire. */
export function paintClutter(picture: Picture): void {
  const { canvas, dice, light } = picture;
  const { side } = canvas;
  if (dice.chance(0.2)) paintBirds(picture);
  if (dice.chance(0.2)) {
    const corner = { x: dice.pick([0, side]), y: dice.pick([0, side]) };
    paintFoliage(picture, corner, dice.between(12, 35), pickFoliage(dice));
  }
  if (dice.chance(0.15)) {
    const x = dice.between(0, side);
    const tone = lit(
      [dice.between(40, 160), dice.between(40, 130), dice.between(30, 120)],
      light.brightness,
    );
    canvas.line(
      { x, y: side },
      { x: x + dice.between(-8, 8), y: dice.between(0, 0.7) * side },
      dice.between(1.5, 5),
      tone,
    );
  }
  if (dice.chance(0.12)) {
    const from = { x: 0, y: dice.between(0, 0.6) * side };
    canvas.line(from, { x: side, y: dice.between(0, 0.6) * side }, 1, [40, 40, 42]);
  }
}

function paintBirds({ canvas, dice }: Picture): void {
  const birds = dice.whole(1, 6);
  for (let bird = 0; bird < birds; bird++) {
    const at = { x: dice.between(0, canvas.side), y: dice.between(0, 0.5) * canvas.side };
    const span = dice.between(2, 5);
    for (const wing of [-1, 1]) {
      canvas.line(at, { x: at.x + wing * span, y: at.y - span * 0.5 }, 1, [40, 40, 45]);
    }
  }
}
