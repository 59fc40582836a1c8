import { createRequire } from 'node:module';
import { beforeAll, expect, it } from '@jest/globals';
import type { Tensor, Tensor3D, Tensor4D } from '@tensorflow/tfjs-core';
import { registerTensorFlow } from '../../src/index';
import { currentNodeBackend } from '../../src/node-backend';
import type { TensorFlow } from '../../src/tensorflow-js';
import { describeOnTensorFlow } from '../native-tensorflow';

const tf = createRequire(import.meta.url)('@tensorflow/tfjs') as TensorFlow;
const node = registerTensorFlow(tf).node as unknown as {
  encodePng(image: Tensor3D): Promise<Uint8Array>;
  encodeJpeg(image: Tensor3D): Promise<Uint8Array>;
  decodeImage(content: Uint8Array): Tensor3D;
  decodePng(content: Uint8Array): Tensor3D;
  decodeJpeg(content: Uint8Array): Tensor3D;
  decodeBmp(content: Uint8Array): Tensor3D;
  decodeGif(content: Uint8Array): Tensor4D;
};

const SHAPE: [number, number, number] = [4, 5, 3];
/** More than a byte holds, if two or all of them are added up. */
const PIXELS = Array.from({ length: 60 }, (_, index) => 255 - ((index * 37) % 200));
const sum = (numbers: Iterable<number>) => [...numbers].reduce((total, value) => total + value, 0);

/** What is done to an image, by operations that take int32. */
const OPERATIONS: Readonly<Record<string, (image: Tensor) => Tensor>> = {
  sum: (image) => tf.sum(image),
  'sum of an axis': (image) => tf.sum(image, 2),
  prod: (image) => tf.prod(tf.slice(image, [0, 0, 0], [1, 1, 3])),
  max: (image) => tf.max(image),
  add: (image) => tf.add(image, image),
  sub: (image) => tf.sub(image, tf.add(image, 1)),
  mul: (image) => tf.mul(image, image),
  neg: (image) => tf.neg(image),
  square: (image) => tf.square(image),
  concat: (image) => tf.concat([image, image]),
  stack: (image) => tf.stack([image, image]),
  pad: (image) =>
    tf.pad(
      image as Tensor3D,
      [
        [1, 1],
        [0, 0],
        [0, 0],
      ],
      -7,
    ),
  tile: (image) => tf.tile(image, [2, 1, 1]),
  greater: (image) => tf.greater(image, tf.scalar(128, 'int32')),
  where: (image) => tf.where(tf.less(image, 200), image, tf.zerosLike(image)),
  mean: (image) => tf.mean(image),
  transpose: (image) => tf.transpose(image),
  'cast to float32': (image) => tf.div(tf.cast(image, 'float32'), 255),
  'cast to int32': (image) => tf.add(tf.cast(image, 'int32'), 300),
  resized: (image) => tf.image.resizeBilinear(image as Tensor3D, [2, 2]),
  gather: (image) => tf.gather(image, tf.tensor1d([1, 0], 'int32')),
};

async function png(): Promise<Uint8Array> {
  const image = tf.tensor3d(PIXELS, SHAPE, 'int32');
  const encoded = await node.encodePng(image);
  image.dispose();
  return encoded;
}

/** A BMP of 24 bits of one row of two pixels, padded to eight bytes. */
function bmp(): Uint8Array {
  const bytes = Buffer.alloc(54 + 8);
  bytes.write('BM');
  bytes.writeUInt32LE(bytes.length, 2);
  bytes.writeUInt32LE(54, 10);
  bytes.writeUInt32LE(40, 14);
  bytes.writeInt32LE(2, 18);
  bytes.writeInt32LE(1, 22);
  bytes.writeUInt16LE(1, 26);
  bytes.writeUInt16LE(24, 28);
  bytes.set([250, 200, 255, 253, 254, 240], 54);
  return bytes;
}

/** A GIF of one pixel: orange, of a table of two colours. */
const GIF = Buffer.from(
  '47494638396101000100800000ffa500000000 2c000000000100010000020244 01003b'.replaceAll(' ', ''),
  'hex',
);

describeOnTensorFlow('a decoded image', () => {
  beforeAll(() => tf.setBackend('tensorflow'));

  it.each(Object.keys(OPERATIONS))('gives what cpu gives: %s', async (name) => {
    const operation = OPERATIONS[name] as (image: Tensor) => Tensor;
    await tf.setBackend('cpu');
    const expected = tf.tidy(() => operation(tf.tensor3d(PIXELS, SHAPE, 'int32')));
    const [values, { dtype, shape }] = [[...expected.dataSync()], expected];
    await tf.setBackend('tensorflow');
    const encoded = await png();
    const actual = tf.tidy(() => operation(node.decodePng(encoded)));
    expect(actual).toMatchObject({ dtype, shape });
    [...actual.dataSync()].forEach((value, index) => {
      expect(value).toBeCloseTo(values[index] as number, 4);
    });
    actual.dispose();
  });

  it.each([
    ['decodePng', png, (bytes: Uint8Array) => node.decodePng(bytes)],
    ['decodeImage', png, (bytes: Uint8Array) => node.decodeImage(bytes)],
    ['decodeBmp', async () => bmp(), (bytes: Uint8Array) => node.decodeBmp(bytes)],
    ['decodeGif', async () => GIF, (bytes: Uint8Array) => node.decodeGif(bytes)],
    [
      'decodeJpeg',
      async () => node.encodeJpeg(tf.fill([9, 9, 3], 250, 'int32')),
      (bytes: Uint8Array) => node.decodeJpeg(bytes),
    ],
  ] as const)('of %s holds the int32 that it says it holds', async (_, encode, decode) => {
    const image = decode(await encode());
    expect(image.dtype).toBe('int32');
    const values = image.dataSync();
    expect(values).toBeInstanceOf(Int32Array);
    expect(tf.sum(image).dataSync()[0]).toBe(sum(values));
    expect(tf.add(image, image).max().dataSync()[0]).toBe(2 * Math.max(...values));
  });

  it('has the pixels that were encoded', async () => {
    expect([...node.decodeImage(await png()).dataSync()]).toEqual(PIXELS);
    expect([...node.decodeBmp(bmp()).dataSync()]).toEqual([255, 200, 250, 240, 254, 253]);
    expect([...node.decodeGif(GIF).dataSync()]).toEqual([255, 165, 0]);
  });

  it('is encoded again as it was', async () => {
    const image = node.decodePng(await png());
    expect([...node.decodePng(await node.encodePng(image)).dataSync()]).toEqual(PIXELS);
  });

  it('leaves nothing behind', async () => {
    const encoded = await png();
    const { binding } = currentNodeBackend(tf) as NonNullable<
      ReturnType<typeof currentNodeBackend>
    >;
    const before = [tf.memory().numTensors, binding.getNumOfTensors()];
    node.decodePng(encoded).dispose();
    expect([tf.memory().numTensors, binding.getNumOfTensors()]).toEqual(before);
  });
});

describeOnTensorFlow('int64 from TensorFlow, which says that it is int32', () => {
  it('becomes int32 by a cast', async () => {
    await tf.setBackend('tensorflow');
    const backend = currentNodeBackend(tf) as NonNullable<ReturnType<typeof currentNodeBackend>>;
    const { binding } = backend;
    const id = binding.createTensor([2], 9, Int32Array.of(7, 0, -3, -1));
    const integers = backend.createOutputTensor({ id, shape: [2], dtype: 9 });
    const cast = tf.cast(integers, 'int32');
    expect(cast.dataSync()).toEqual(Int32Array.of(7, -3));
    expect(tf.add(cast, tf.tensor1d([1, 1], 'int32')).dataSync()).toEqual(Int32Array.of(8, -2));
  });
});
