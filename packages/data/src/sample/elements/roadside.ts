import type { Point } from '../drawing/canvas';
import { type Colour, lit } from '../drawing/colour';
import type { Picture } from '../picture';

/** A street lamp whose arm reaches left (-1) or right (1); `scale` is a viewer's height there. */
export function paintLamp({ canvas }: Picture, foot: Point, scale: number, reach: number): void {
  const head = { x: foot.x, y: foot.y - scale * 2.2 };
  const width = Math.max(1, scale * 0.05);
  canvas.line(foot, head, width, [55, 57, 60]);
  canvas.line(
    head,
    { x: head.x + reach * scale * 0.4, y: head.y - scale * 0.1 },
    width,
    [55, 57, 60],
  );
}

/** Somebody standing on `foot`. */
export function paintPerson({ canvas, dice, light }: Picture, foot: Point, scale: number): void {
  const height = scale * 0.75;
  const coat = lit(
    [dice.between(20, 220), dice.between(20, 180), dice.between(20, 200)],
    light.brightness,
  );
  canvas.ellipse({ x: foot.x, y: foot.y - height * 0.5 }, height * 0.14, height * 0.45, coat);
  const skin = lit(
    [dice.between(110, 225), dice.between(80, 175), dice.between(60, 140)],
    light.brightness,
  );
  canvas.ellipse({ x: foot.x, y: foot.y - height }, height * 0.09, height * 0.11, skin);
}

/** A car seen from before or behind, its wheels at `at`. */
export function paintCar({ canvas, dice, light }: Picture, at: Point, scale: number): void {
  const width = scale * 0.38;
  const height = scale * 0.3;
  const paint = lit(
    [dice.between(20, 240), dice.between(20, 230), dice.between(20, 235)],
    light.brightness,
  );
  const glass = lit([45, 55, 65], light.brightness);
  const box = (half: number, top: number, bottom: number, colour: Colour) =>
    canvas.paint(() => colour, {
      left: at.x - half,
      right: at.x + half,
      top: at.y - top,
      bottom: at.y - bottom,
    });
  canvas.ellipse({ x: at.x, y: at.y }, width * 0.6, height * 0.15, [25, 25, 28], 0.7);
  box(width * 0.38, height * 1.45, height * 0.9, paint);
  box(width * 0.32, height * 1.35, height * 0.95, glass);
  box(width * 0.5, height * 0.95, height * 0.2, paint);
  for (const side of [-1, 1]) {
    const wheel = { x: at.x + side * width * 0.36, y: at.y - height * 0.12 };
    canvas.ellipse(wheel, width * 0.1, height * 0.2, [20, 20, 22]);
    const lamp = { x: at.x + side * width * 0.36, y: at.y - height * 0.62 };
    canvas.ellipse(
      lamp,
      width * 0.07,
      height * 0.1,
      dice.chance(0.5) ? [220, 40, 30] : [250, 240, 200],
    );
  }
}
