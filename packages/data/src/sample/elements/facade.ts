import { type Colour, lit, mix } from '../drawing/colour';
import type { Picture } from '../picture';

/** A wall seen straight on or running away: its two upright edges, in pixels. */
export interface Wall {
  readonly left: number;
  readonly right: number;
  readonly leftTop: number;
  readonly leftBottom: number;
  readonly rightTop: number;
  readonly rightBottom: number;
}

export interface FacadeStyle {
  readonly wall: Colour;
  readonly window: Colour;
  /** Windows side by side, and floors. */
  readonly columns: number;
  readonly floors: number;
  /** Share of its field that a window takes, each way. */
  readonly windowWidth: number;
  readonly windowHeight: number;
  /** Share of windows with light behind. */
  readonly litShare: number;
  readonly brightness: number;
}

export function createFacadeStyle({ dice, light }: Picture): FacadeStyle {
  const tone = dice.between(60, 225);
  const warmth = dice.between(-25, 45);
  const wall: Colour = [tone + warmth, tone + warmth * dice.between(-0.2, 0.6), tone - warmth];
  const isBand = dice.chance(0.2);
  return {
    wall,
    window: mix(light.skyTop, [30, 35, 45], dice.between(0.3, 1)),
    columns: dice.whole(3, 9),
    floors: dice.whole(3, 11),
    windowWidth: isBand ? 1 : dice.between(0.35, 0.75),
    windowHeight: dice.between(0.4, 0.7),
    litShare: light.brightness < 0.6 ? dice.between(0.1, 0.6) : dice.between(0, 0.05),
    brightness: light.brightness * dice.between(0.55, 1.1),
  };
}

/** Paints a wall with its grid of windows, in perspective where its edges differ in height. */
export function paintFacade(
  { canvas, noise, dice, light }: Picture,
  wall: Wall,
  style: FacadeStyle,
): void {
  const shift = dice.between(0, 60);
  const leftHeight = wall.leftBottom - wall.leftTop;
  const rightHeight = wall.rightBottom - wall.rightTop;
  canvas.paint(
    (x, y) => {
      const across = (x - wall.left) / (wall.right - wall.left);
      const top = wall.leftTop + (wall.rightTop - wall.leftTop) * across;
      const height = leftHeight + (rightHeight - leftHeight) * across;
      const down = (y - top) / height;
      if (down < 0 || down > 1) return undefined;
      // Equal steps along the wall shrink with its distance, and so does its height.
      const along = (across * rightHeight) / height;
      const column = along * style.columns;
      const floor = down * style.floors;
      const isWindow =
        Math.abs((column % 1) - 0.5) < style.windowWidth / 2 &&
        Math.abs((floor % 1) - 0.5) < style.windowHeight / 2;
      const cell = noise.at(Math.floor(column) * 7.3 + shift, Math.floor(floor) * 5.1 + shift);
      const grain = 1 + 0.12 * noise.fractal(x / 5 + shift, y / 5 + shift, 2);
      if (!isWindow) return lit(style.wall, style.brightness * grain);
      const isLit = 0.5 + 0.5 * cell < style.litShare;
      return isLit ? [255, 215, 130] : lit(style.window, light.brightness * (1 + 0.5 * cell));
    },
    { left: wall.left, right: wall.right },
  );
}
