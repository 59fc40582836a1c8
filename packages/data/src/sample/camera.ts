import type { Canvas } from './drawing/canvas';
import type { Dice } from './drawing/dice';

/**
 * Takes a photograph of `canvas`: aims it (mirrored or not, tilted, closer), exposes it (white
 * balance, saturation, contrast, vignette) and adds the sensor's noise, so that neither a colour nor
 * a place in the frame belongs to one class.
 *
 * @returns [side × side × 3] RGB bytes
 */
export function photograph(canvas: Canvas, dice: Dice): Uint8Array {
  return expose(aim(canvas, dice), canvas.side, dice);
}

/** Bilinear samples of the canvas under a mirror, a small turn, a zoom and a shift. */
function aim({ side, pixels }: Canvas, dice: Dice): Float32Array {
  const angle = dice.between(-0.12, 0.12);
  const zoom = dice.between(0.55, 0.88);
  const mirror = dice.chance(0.5) ? -1 : 1;
  const room = (1 - zoom) * 0.3 * side;
  const centre = {
    x: side / 2 + dice.between(-room, room),
    y: side / 2 + dice.between(-room, room),
  };
  const cos = Math.cos(angle) * zoom;
  const sin = Math.sin(angle) * zoom;
  const aimed = new Float32Array(pixels.length);
  const clip = (position: number) => Math.min(side - 1.001, Math.max(0, position));
  for (let y = 0, offset = 0; y < side; y++) {
    for (let x = 0; x < side; x++) {
      const dx = (x - side / 2) * mirror;
      const dy = y - side / 2;
      const fromX = clip(centre.x + cos * dx - sin * dy);
      const fromY = clip(centre.y + sin * dx + cos * dy);
      const left = Math.floor(fromX);
      const top = Math.floor(fromY);
      const corner = (top * side + left) * 3;
      for (let channel = 0; channel < 3; channel++, offset++) {
        const upper = interpolate(pixels, corner + channel, fromX - left);
        const lower = interpolate(pixels, corner + channel + side * 3, fromX - left);
        aimed[offset] = upper + (lower - upper) * (fromY - top);
      }
    }
  }
  return aimed;
}

/** Between the value at `offset` and its right neighbour's. */
function interpolate(pixels: Float32Array, offset: number, share: number): number {
  const left = pixels[offset] as number;
  return left + ((pixels[offset + 3] as number) - left) * share;
}

function expose(pixels: Float32Array, side: number, dice: Dice): Uint8Array {
  const warmth = dice.between(-0.2, 0.2);
  const gains = [1 + warmth, 1 + dice.between(-0.07, 0.07), 1 - warmth];
  const saturation = dice.chance(0.15) ? dice.between(0, 0.3) : dice.between(0.4, 1.25);
  const contrast = dice.between(0.9, 1.3);
  const exposure = dice.between(0.8, 1.2);
  const lift = dice.between(-12, 22);
  const vignette = dice.between(0, 0.45);
  const grain = dice.between(2, 10);
  const exposed = new Uint8ClampedArray(pixels.length);
  for (let y = 0, offset = 0; y < side; y++) {
    for (let x = 0; x < side; x++, offset += 3) {
      const grey = luminance(pixels, offset);
      const distance = ((x / side - 0.5) ** 2 + (y / side - 0.5) ** 2) * 2;
      const factor = exposure * (1 - vignette * distance);
      const speck = dice.between(-grain, grain);
      for (let channel = 0; channel < 3; channel++) {
        const colour = grey + ((pixels[offset + channel] as number) - grey) * saturation;
        const developed = (colour * factor * (gains[channel] as number) - 128) * contrast + 128;
        exposed[offset + channel] = developed + lift + speck;
      }
    }
  }
  return new Uint8Array(exposed.buffer);
}

/** Grey value of the pixel at `offset` (ITU-R BT.601). */
function luminance(pixels: Float32Array, offset: number): number {
  const [red, green, blue] = [offset, offset + 1, offset + 2] as const;
  return (
    0.299 * (pixels[red] as number) +
    0.587 * (pixels[green] as number) +
    0.114 * (pixels[blue] as number)
  );
}
