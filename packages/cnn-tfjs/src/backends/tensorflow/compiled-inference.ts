import { bytesPerImage, type CnnArchitecture, type ModelSpec } from '@dlcmp/contract';
import {
  bytesToFloats,
  createStepFeed,
  type Pointer,
  readHandle,
  type StepFeed,
  type StepFunction,
  type TensorFlowEngine,
  TF_FLOAT,
  TF_UINT8,
  traceFunction,
} from '@dlcmp/tensorflow/engine';
import type { Tensor, Tensor2D, Tensor4D } from '@tensorflow/tfjs-core';
import type { NamedTensors } from '../../layers/layer';
import { normaliseBytes } from '../../model/pixel-input';
import { simpleCnn } from '../../model/simple-cnn';
import type { TensorFlow } from '../../tensorflow-modules';
import type { CompiledInference } from '../backend';

/** What batches of one size need. */
interface SizedInference {
  readonly run: StepFunction;
  readonly feed: StepFeed;
}

/** Images that go through the network together. */
const LARGEST_BATCH = 256;

/** Answers for images, a batch at a time as one function. */
export function compileInference(
  tf: TensorFlow,
  engine: TensorFlowEngine,
  spec: ModelSpec & CnnArchitecture,
): CompiledInference {
  const { backend } = engine;
  const { eager } = backend.binding;
  const { c } = eager.library;
  const imageBytes = bytesPerImage(spec);
  const classes = spec.classNames.length;
  const sized = new Map<number, SizedInference>();
  const open = (size: number, weights: NamedTensors): SizedInference => {
    const known = sized.get(size) ?? {
      run: traceInference(tf, engine, spec, weights, size),
      feed: createStepFeed(eager, [size * imageBytes]),
    };
    sized.set(size, known);
    return known;
  };
  const runBatch = (pixels: Uint8Array, size: number, weights: NamedTensors, output: 0 | 1) => {
    const { run, feed } = open(size, weights);
    const ids = backend.getInputTensorIds(Object.values<Tensor>(weights));
    const shape = [size, spec.inputHeight, spec.inputWidth, 3];
    const fed = feed.feed(0, [{ type: TF_UINT8, shape, values: pixels }]);
    const outputs = run.run([...fed, ...ids.map((id) => backend.binding.handleOf(id))]);
    try {
      return readHandle(eager.library, outputs[output] as Pointer) as Float32Array;
    } finally {
      for (const handle of [...fed, ...outputs]) c.TFE_DeleteTensorHandle(handle);
    }
  };
  return {
    run(pixels, count, weights, prediction) {
      const answers = new Float32Array(count * classes);
      for (let start = 0; start < count; start += LARGEST_BATCH) {
        const size = Math.min(LARGEST_BATCH, count - start);
        const batch = pixels.subarray(start * imageBytes, (start + size) * imageBytes);
        const output = prediction === 'logits' ? 0 : 1;
        answers.set(runBatch(batch, size, weights, output), start * classes);
      }
      return answers;
    },
    dispose() {
      for (const { run, feed } of sized.values()) {
        run.dispose();
        feed.dispose();
      }
    },
  };
}

/** Inputs: pixels (uint8) and the weights. Outputs: logits and probabilities. */
function traceInference(
  tf: TensorFlow,
  engine: TensorFlowEngine,
  spec: ModelSpec & CnnArchitecture,
  weights: NamedTensors,
  size: number,
): StepFunction {
  return traceFunction(tf, engine, (backend, graph) => {
    const pixels = graph.placeholder(TF_UINT8, [size, spec.inputHeight, spec.inputWidth, 3]);
    const given = Object.entries<Tensor>(weights).map(
      ([name, { shape }]) => [name, graph.placeholder(TF_FLOAT, shape)] as const,
    );
    const tensors = Object.fromEntries(
      given.map(([name, metadata]) => [name, backend.createOutputTensor(metadata)]),
    );
    const images = normaliseBytes(tf, bytesToFloats(backend, pixels) as Tensor4D);
    const { output } = simpleCnn(spec)(images, { tf, weights: tensors, poolFirst: true });
    const outputs = [output, tf.softmax(output as Tensor2D)];
    return {
      inputs: [pixels.id, ...given.map(([, { id }]) => id)],
      outputs: backend.getInputTensorIds(outputs),
      effects: [],
    };
  });
}
