import {
  elementCount,
  type ModelSpec,
  simpleCnnShapes,
  sizeAfterBlocks,
  type Weights,
  type WeightTensor,
} from '@dlcmp/contract';
import type { Tensor } from '@tensorflow/tfjs-core';
import type { TensorFlowRuntime } from '../engines/runtime';
import type { TensorFlow } from '../tensorflow-modules';
import type { NamedTensors } from './operation';

/**
 * Every weight seen as [out, in, height, width], PyTorch's order, becomes [height, width, in, out],
 * TensorFlow's: kernels as they are, `fc1` with its input unflattened, `fc2` with an image of 1×1.
 */
const TO_TENSORFLOW = [2, 3, 1, 0];
const TO_PYTORCH = [3, 2, 0, 1];

/** Tensors for `weights`, which the caller disposes. */
export function toTensors(tf: TensorFlow, weights: Weights, spec: ModelSpec): NamedTensors {
  return mapWeights(spec, (name, shape) => {
    const { data } = weights[name] as WeightTensor;
    // A backend may keep the array itself until it computes.
    if (shape.length === 1) return tf.tensor1d(data.slice());
    const image = imageShape(name, shape, spec);
    return tf.tidy(() =>
      tf.reshape(
        tf.transpose(tf.tensor4d(data, image), TO_TENSORFLOW),
        name.startsWith('conv')
          ? permute(image, TO_TENSORFLOW)
          : [elementCount(shape.slice(1)), image[0]],
      ),
    );
  });
}

/** Copies of `tensors`, as they are now, as the contract's weights. Called inside the runtime's `run`. */
export async function toWeights(
  { tf, read }: Pick<TensorFlowRuntime, 'tf' | 'read'>,
  tensors: NamedTensors,
  spec: ModelSpec,
): Promise<Weights> {
  const reads = mapWeights(spec, (name, shape) => {
    const tensor = tensors[name] as Tensor;
    if (shape.length === 1) return { shape, data: read(tensor) };
    const image = permute(imageShape(name, shape, spec), TO_TENSORFLOW);
    const transposed = tf.tidy(() => tf.transpose(tf.reshape(tensor, image), TO_PYTORCH));
    const data = read(transposed);
    transposed.dispose();
    return { shape, data };
  });
  const weights = Object.entries(reads).map(async ([name, { shape, data }]) => [
    name,
    { shape, data: await data },
  ]);
  return Object.fromEntries(await Promise.all(weights));
}

type Shape4D = [number, number, number, number];

function imageShape(name: string, shape: readonly number[], spec: ModelSpec): Shape4D {
  const [out, inputs, height = 1, width = 1] = shape as [number, number, number?, number?];
  if (name !== 'fc1.weight') return [out, inputs, height, width];
  const rows = sizeAfterBlocks(spec.inputHeight, 3);
  const columns = sizeAfterBlocks(spec.inputWidth, 3);
  return [out, inputs / (rows * columns), rows, columns];
}

function permute(shape: Shape4D, order: readonly number[]): Shape4D {
  return order.map((axis) => shape[axis]) as Shape4D;
}

function mapWeights<Value>(
  spec: ModelSpec,
  convert: (name: string, shape: readonly number[]) => Value,
): Record<string, Value> {
  const shapes = Object.entries(simpleCnnShapes(spec));
  return Object.fromEntries(shapes.map(([name, shape]) => [name, convert(name, shape)]));
}
