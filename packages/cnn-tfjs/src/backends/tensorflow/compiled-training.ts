import {
  type AdamOptions,
  type CnnArchitecture,
  type DeferredLoss,
  elementCount,
  type ModelSpec,
  type TrainingBatch,
} from '@dlcmp/contract';
import {
  createStepFeed,
  executeOp,
  type FedArray,
  integer,
  lend,
  type Pointer,
  readHandle,
  type StepFeed,
  type StepFunction,
  type TensorFlowEngine,
  TF_FLOAT,
  TF_UINT8,
  type,
} from '@dlcmp/tensorflow/engine';
import type { Tensor } from '@tensorflow/tfjs-core';
import type { NamedTensors } from '../../layers/layer';
import type { TensorFlow } from '../../tensorflow-modules';
import type { CompiledTraining } from '../backend';
import { traceStep } from './trace-step';

/** What a batch of one size needs. */
interface SizedStep {
  readonly run: StepFunction;
  readonly feed: StepFeed;
}

/**
 * Trains with the whole step as one function of TensorFlow's: forward and backward pass and Adam run without a word from
 * JavaScript, and weights and moments stay in TensorFlow's variables. Losses are read when somebody asks for one.
 */
export function compileTraining(
  tf: TensorFlow,
  engine: TensorFlowEngine,
  spec: ModelSpec & CnnArchitecture,
  weights: NamedTensors,
): CompiledTraining {
  const { backend } = engine;
  const { eager } = backend.binding;
  const { c } = eager.library;
  const tensors = Object.values<Tensor>(weights);
  const moments = tensors.flatMap((tensor) => [tf.zerosLike(tensor), tf.zerosLike(tensor)]);
  const variables = tensors.flatMap((weight, index) => [
    weight,
    ...moments.slice(2 * index, 2 * index + 2),
  ]);
  const steps = new Map<number, SizedStep>();
  const losses = new PendingLosses((pending) => readNumbers(engine, pending));
  let count = 0;

  const open = (size: number, arrays: readonly FedArray[]): SizedStep => {
    const known = steps.get(size) ?? {
      run: traceStep(tf, engine, spec, weights, size),
      feed: createStepFeed(
        eager,
        arrays.map(({ values }) => values.byteLength),
      ),
    };
    steps.set(size, known);
    return known;
  };
  return {
    step(batch, adam) {
      count++;
      const arrays = batchArrays(batch, adam, count, spec);
      const { run, feed } = open(batch.size, arrays);
      if (losses.pending >= feed.slots) losses.settle();
      const fed = feed.feed(losses.pending, arrays);
      const lent = variables.map((variable) => lend(backend, variable));
      const handles = lent.map(({ handle }) => backend.binding.handleOf(handle));
      try {
        const [loss] = run.run([...fed, ...handles]);
        return losses.add(loss as Pointer);
      } finally {
        for (const handle of fed) c.TFE_DeleteTensorHandle(handle);
      }
    },
    dispose() {
      losses.settle();
      for (const moment of moments) moment.dispose();
      for (const { run, feed } of steps.values()) {
        run.dispose();
        feed.dispose();
      }
    },
  };
}

/** Losses of steps that may still be running; all are read together. */
class PendingLosses {
  readonly #read: (handles: readonly Pointer[]) => Float32Array;
  #handles: Pointer[] = [];
  #resolve: ((losses: Float32Array) => void)[] = [];

  constructor(read: (handles: readonly Pointer[]) => Float32Array) {
    this.#read = read;
  }

  get pending(): number {
    return this.#handles.length;
  }

  add(handle: Pointer): DeferredLoss {
    const index = this.#handles.push(handle) - 1;
    let loss: number | undefined;
    this.#resolve.push((losses) => {
      loss = losses[index];
    });
    return {
      read: async () => {
        if (loss === undefined) this.settle();
        return loss as number;
      },
    };
  }

  /** Waits for every step so far. */
  settle(): void {
    if (this.#handles.length === 0) return;
    const [handles, resolve] = [this.#handles, this.#resolve];
    this.#handles = [];
    this.#resolve = [];
    const losses = this.#read(handles);
    for (const deliver of resolve) deliver(losses);
  }
}

/** Numbers from the device, in one copy; the handles are deleted. */
function readNumbers({ backend }: TensorFlowEngine, handles: readonly Pointer[]): Float32Array {
  const { eager } = backend.binding;
  const { c } = eager.library;
  const attributes = [integer('N', handles.length), type('T', TF_FLOAT), integer('axis', 0)];
  const [packed] = executeOp(eager, 'Pack', attributes, handles, 1) as [Pointer];
  for (const handle of handles) c.TFE_DeleteTensorHandle(handle);
  try {
    return readHandle(eager.library, packed) as Float32Array;
  } finally {
    c.TFE_DeleteTensorHandle(packed);
  }
}

/** A batch, and Adam's numbers at step `count`, in the order of the function's inputs. */
function batchArrays(
  { pixels, labels, dropoutKeep, size }: TrainingBatch,
  { learningRate, betas: [beta1, beta2], epsilon }: Required<AdamOptions>,
  count: number,
  { inputHeight, inputWidth, hiddenUnits, classNames }: ModelSpec & CnnArchitecture,
): FedArray[] {
  const classes = classNames.length;
  const target = new Float32Array(size * classes);
  labels.forEach((label, index) => {
    target[index * classes + label] = 1;
  });
  // TensorFlow adds epsilon to the root as such, PyTorch to the corrected root.
  const root = Math.sqrt(1 - beta2 ** count);
  const rate = (learningRate * root) / (1 - beta1 ** count);
  const numbers = Float32Array.of(rate, beta1, beta2, epsilon * root);
  const shape = [size, inputHeight, inputWidth, 3];
  return [
    { type: TF_UINT8, shape, values: pixels.subarray(0, elementCount(shape)) },
    { type: TF_UINT8, shape: [size, hiddenUnits], values: dropoutKeep },
    { type: TF_FLOAT, shape: [size, classes], values: target },
    { type: TF_FLOAT, shape: [numbers.length], values: numbers },
  ];
}
