import { bytesPerImage, type CnnArchitecture, type ModelSpec } from '@dlcmp/contract';
import type { CompiledFunction, FunctionOutput, OpenEngine } from '@dlcmp/tensorflow/engine';
import type { Tensor, Tensor2D, Tensor4D } from '@tensorflow/tfjs-core';
import type { NamedTensors } from '../../network/operation';
import { normaliseBytes } from '../../network/pixel-input';
import { simpleCnn } from '../../network/simple-cnn';
import type { TensorFlow } from '../../tensorflow-modules';
import type { CompiledInference } from '../runtime';

/** Images that go through the network together. */
const LARGEST_BATCH = 256;

/** Answers for images, a batch at a time as one function. */
export function compileInference(
  tf: TensorFlow,
  engine: OpenEngine,
  spec: ModelSpec & CnnArchitecture,
): CompiledInference {
  const imageBytes = bytesPerImage(spec);
  const classes = spec.classNames.length;
  /** By the size of the batch. */
  const functions = new Map<number, CompiledFunction>();
  const open = (size: number, weights: NamedTensors): CompiledFunction => {
    const known = functions.get(size) ?? compileBatch(tf, engine, spec, weights, size);
    functions.set(size, known);
    return known;
  };
  return {
    run(pixels, count, weights, prediction) {
      const answers = new Float32Array(count * classes);
      for (let start = 0; start < count; start += LARGEST_BATCH) {
        const size = Math.min(LARGEST_BATCH, count - start);
        const batch = pixels.subarray(start * imageBytes, (start + size) * imageBytes);
        const tensors = Object.values<Tensor>(weights);
        const outputs = open(size, weights).call(0, { arrays: [batch], tensors });
        const [logits, probabilities] = outputs as [FunctionOutput, FunctionOutput];
        const [wanted, other] =
          prediction === 'logits' ? [logits, probabilities] : [probabilities, logits];
        other.dispose();
        answers.set(wanted.read(), start * classes);
      }
      return answers;
    },
    dispose() {
      for (const compiled of functions.values()) compiled.dispose();
    },
  };
}

/** From pixels and weights to logits and probabilities. */
function compileBatch(
  tf: TensorFlow,
  engine: OpenEngine,
  spec: ModelSpec & CnnArchitecture,
  weights: NamedTensors,
  size: number,
): CompiledFunction {
  const names = Object.keys(weights);
  const shape = [size, spec.inputHeight, spec.inputWidth, 3];
  const inputs = {
    arrays: [{ type: 'uint8', shape }],
    tensors: Object.values<Tensor>(weights),
  } as const;
  return engine.compile(inputs, ({ arrays: [bytes], tensors }) => {
    const given = Object.fromEntries(names.map((name, index) => [name, tensors[index] as Tensor]));
    const images = normaliseBytes(tf, bytes as Tensor4D);
    const { output } = simpleCnn(spec)(images, { tf, weights: given, poolFirst: true });
    return [output, tf.softmax(output as Tensor2D)];
  });
}
