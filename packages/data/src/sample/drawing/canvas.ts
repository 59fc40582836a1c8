import type { Colour } from './colour';

export interface Point {
  readonly x: number;
  readonly y: number;
}

/** Colour of a pixel; undefined leaves it as it is. */
export type Shader = (x: number, y: number) => Colour | undefined;

export interface Region {
  readonly left: number;
  readonly right: number;
  readonly top: number;
  readonly bottom: number;
}

/** A square picture to paint on, `side` pixels wide and high, from the top left corner. */
export class Canvas {
  readonly side: number;
  /** [side × side × 3] */
  readonly pixels: Float32Array;

  constructor(side: number) {
    this.side = side;
    this.pixels = new Float32Array(side * side * 3);
  }

  /** Everything, or one region, by a shader. */
  paint(shader: Shader, region: Partial<Region> = {}, opacity = 1): void {
    const left = Math.max(0, Math.ceil(region.left ?? 0));
    const right = Math.min(this.side - 1, Math.floor(region.right ?? this.side));
    const top = Math.max(0, Math.ceil(region.top ?? 0));
    const bottom = Math.min(this.side - 1, Math.floor(region.bottom ?? this.side));
    for (let y = top; y <= bottom; y++) {
      for (let x = left; x <= right; x++) {
        const colour = shader(x, y);
        if (colour) this.blend(x, y, colour, opacity);
      }
    }
  }

  ellipse(centre: Point, radiusX: number, radiusY: number, colour: Colour, opacity = 1): void {
    const inside: Shader = (x, y) =>
      ((x - centre.x) / radiusX) ** 2 + ((y - centre.y) / radiusY) ** 2 <= 1 ? colour : undefined;
    this.paint(
      inside,
      {
        left: centre.x - radiusX,
        right: centre.x + radiusX,
        top: centre.y - radiusY,
        bottom: centre.y + radiusY,
      },
      opacity,
    );
  }

  line(from: Point, to: Point, width: number, colour: Colour, opacity = 1): void {
    const lengthSquared = (to.x - from.x) ** 2 + (to.y - from.y) ** 2 || 1;
    const near: Shader = (x, y) => {
      const along =
        ((x - from.x) * (to.x - from.x) + (y - from.y) * (to.y - from.y)) / lengthSquared;
      const share = Math.min(1, Math.max(0, along));
      const dx = x - from.x - share * (to.x - from.x);
      const dy = y - from.y - share * (to.y - from.y);
      return dx * dx + dy * dy <= (width * width) / 4 ? colour : undefined;
    };
    const reach = width / 2;
    const region = {
      left: Math.min(from.x, to.x) - reach,
      right: Math.max(from.x, to.x) + reach,
      top: Math.min(from.y, to.y) - reach,
      bottom: Math.max(from.y, to.y) + reach,
    };
    this.paint(near, region, opacity);
  }

  /** The inside of a polygon (even-odd rule). */
  polygon(corners: readonly Point[], shader: Shader, opacity = 1): void {
    const xs = corners.map(({ x }) => x);
    const ys = corners.map(({ y }) => y);
    const region = {
      left: Math.min(...xs),
      right: Math.max(...xs),
      top: Math.min(...ys),
      bottom: Math.max(...ys),
    };
    this.paint((x, y) => (isInside(corners, x, y) ? shader(x, y) : undefined), region, opacity);
  }

  private blend(x: number, y: number, colour: Colour, opacity: number): void {
    const { pixels, side } = this;
    const offset = (y * side + x) * 3;
    for (let channel = 0; channel < 3; channel++) {
      const before = pixels[offset + channel] as number;
      pixels[offset + channel] = before + ((colour[channel] as number) - before) * opacity;
    }
  }
}

function isInside(corners: readonly Point[], x: number, y: number): boolean {
  let inside = false;
  let previous = corners[corners.length - 1] as Point;
  for (const corner of corners) {
    const crosses = corner.y > y !== previous.y > y;
    const slope = (previous.x - corner.x) / (previous.y - corner.y);
    if (crosses && x < corner.x + slope * (y - corner.y)) inside = !inside;
    previous = corner;
  }
  return inside;
}
