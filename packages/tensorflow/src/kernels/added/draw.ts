import type { TensorInfo } from '@tensorflow/tfjs-core';
import type { NodeBackend } from '../../node-backend';
import { share } from '../same-values';

/** What a canvas must have: the browser's has it, and so have those for Node.js. */
interface Canvas {
  width: number;
  height: number;
  getContext(type: '2d', attributes?: object): CanvasContext | null;
}

interface CanvasContext {
  createImageData(width: number, height: number): { readonly data: Uint8ClampedArray };
  putImageData(image: unknown, x: number, y: number): void;
}

interface DrawAttributes {
  readonly canvas: Canvas;
  readonly options?: {
    readonly contextOptions?: {
      readonly contextType?: string;
      readonly contextAttributes?: object;
    };
    readonly imageOptions?: { readonly alpha?: number };
  };
}

/** Draws an image [height × width (× channels)], float32 from 0 to 1 or int32 from 0 to 255, on a canvas. */
export function draw(
  backend: NodeBackend,
  { image }: { image: TensorInfo },
  { canvas, options: { contextOptions = {}, imageOptions = {} } = {} }: DrawAttributes,
): TensorInfo {
  const { contextType = '2d', contextAttributes } = contextOptions;
  const context = contextType === '2d' ? canvas.getContext('2d', contextAttributes) : null;
  if (!context) {
    throw new Error(
      `The canvas has no context "${contextType}": tf.browser.draw needs a canvas with "2d".`,
    );
  }
  const [height = 0, width = 0] = image.shape;
  canvas.width = width;
  canvas.height = height;
  const drawn = context.createImageData(width, height);
  fillPixels(
    drawn.data,
    backend.readSync(image.dataId) as Float32Array,
    image,
    imageOptions.alpha ?? 1,
  );
  context.putImageData(drawn, 0, 0);
  return share(backend, image, image.dtype);
}

function fillPixels(
  pixels: Uint8ClampedArray,
  values: Float32Array | Int32Array,
  { dtype, shape }: TensorInfo,
  alpha: number,
): void {
  const channels = shape[2] ?? 1;
  const largest = dtype === 'float32' ? 1 : 255;
  const outside = values.find((value) => value < 0 || value > largest);
  if (outside !== undefined) {
    throw new Error(
      `An image of ${dtype} is drawn from values of 0 to ${largest}, and has ${outside}.`,
    );
  }
  for (let pixel = 0; pixel * 4 < pixels.length; pixel++) {
    for (let channel = 0; channel < 4; channel++) {
      const isGrey = channels === 1 && channel < 3;
      const value = values[pixel * channels + (isGrey ? 0 : channel)] ?? 0;
      const isGiven = isGrey || channel < channels;
      pixels[pixel * 4 + channel] = isGiven
        ? Math.round((value * 255) / largest)
        : channel === 3
          ? Math.round(255 * alpha)
          : 0;
    }
  }
}
