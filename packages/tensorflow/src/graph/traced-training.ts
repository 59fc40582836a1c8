import type { Scalar, Tensor } from '@tensorflow/tfjs-core';
import { builtInClass } from '../layers-classes';
import { currentNodeBackend, type NodeBackend } from '../node-backend';
import type { TensorFlow } from '../tensorflow-js';
import { isBuiltIn } from './built-in-training';
import type { LayersModel, LayerVariable, TrainFunction } from './layers-model';
import { runTraining } from './run-training';
import type { StepFunction } from './step-function';
import type { TracedStep } from './step-writer';
import { type TrainingFunction, traceTraining } from './trace-training';
import { isSame, trainingConfiguration, trainingState } from './training-state';

type Batch = readonly (Tensor | null)[];

/** A batch of some size: seen once, or trained on by its function, or not to be traced. */
type KnownBatch = 'seen' | 'eager' | TrainingFunction;

/** Sizes of batches whose functions are kept. */
const CAPACITY = 16;

const tracedOnCpu = new WeakSet<TensorFlow>();

/** For tests: whether `tf` traces training on a CPU, too, where our own kernels are faster. Default: no. */
export function traceOnCpu(tf: TensorFlow, isWanted: boolean): void {
  if (isWanted) tracedOnCpu.add(tf);
  else tracedOnCpu.delete(tf);
}

/**
 * Has `fit`, `fitDataset` and `trainOnBatch` of tf.layers take each step as one function of TensorFlow's while one of our
 * backends computes on a GPU, which waits for JavaScript else. What they compute, and what can be seen of it, stays as it was.
 */
export function replaceTrainFunction(tf: TensorFlow): void {
  const prototype = builtInClass<LayersModel>(tf, 'Model')?.prototype;
  if (!prototype) return;
  const models = new WeakMap<LayersModel, TracedTraining>();
  const collected = new FinalizationRegistry<Set<StepFunction>>(disposeAll);
  const open = (model: LayersModel): TracedTraining => {
    const known = models.get(model);
    if (known) return known;
    const traced = new TracedTraining(tf);
    models.set(model, traced);
    collected.register(model, traced.functions);
    return traced;
  };
  const stock = prototype.makeTrainFunction;
  prototype.makeTrainFunction = function makeTrainFunction(this: LayersModel) {
    const train = stock.call(this);
    return (data) => {
      const backend = currentNodeBackend(tf);
      const isTraced = backend && shouldTrace(tf, backend);
      return isTraced ? open(this).step(this, backend, train, data) : train(data);
    };
  };
}

/** Not while somebody looks at the ops one by one. */
function shouldTrace(tf: TensorFlow, { binding }: NodeBackend): boolean {
  const isWatched = tf.engine().state.profiling || tf.env().getBool('DEBUG');
  return (binding.isUsingGpuDevice() || tracedOnCpu.has(tf)) && !isWatched;
}

function disposeAll(functions: Set<StepFunction>): void {
  for (const run of functions) run.dispose();
  functions.clear();
}

/** The training of one model. It doesn't hold the model, which may be collected. */
class TracedTraining {
  readonly functions = new Set<StepFunction>();
  readonly #tf: TensorFlow;
  readonly #batches = new Map<string, KnownBatch>();
  #configuration: readonly unknown[] = [];
  #weights: readonly LayerVariable[] = [];
  #isTraceable = false;

  constructor(tf: TensorFlow) {
    this.#tf = tf;
  }

  /** The first step on a size of batches is stock: it makes the optimiser's variables, and finds the user's mistakes. */
  step(model: LayersModel, backend: NodeBackend, train: TrainFunction, data: Batch): Scalar[] {
    this.#configure(model, backend);
    if (!this.#isTraceable) return train(data);
    const key = keyOf(backend, data);
    const known = this.#batches.get(key);
    if (known === 'eager') return train(data);
    if (known === undefined) {
      if (this.#batches.size === CAPACITY) this.#forget();
      this.#batches.set(key, 'seen');
      return train(data);
    }
    const { optimizer } = model;
    const step = {
      train,
      optimizer,
      data,
      state: trainingState(this.#tf, this.#weights, optimizer),
    };
    const made = known === 'seen' ? this.#trace(key, backend, step) : known;
    return made ? runTraining(this.#tf, backend, made, step) : train(data);
  }

  /** Undefined where steps cannot be told beforehand: they go on as they were. */
  #trace(key: string, backend: NodeBackend, step: TracedStep): TrainingFunction | undefined {
    try {
      const made = traceTraining(this.#tf, { name: this.#tf.getBackend(), backend }, step);
      this.functions.add(made.run);
      this.#batches.set(key, made);
      return made;
    } catch {
      this.#batches.set(key, 'eager');
      return undefined;
    }
  }

  #configure(model: LayersModel, backend: NodeBackend): void {
    const configuration = trainingConfiguration(model, backend);
    if (isSame(configuration, this.#configuration)) return;
    this.#forget();
    this.#configuration = configuration;
    this.#weights = model.weights;
    this.#isTraceable =
      isBuiltIn(this.#tf, model) &&
      this.#weights.every((weight) => weight.read().dtype === 'float32');
  }

  #forget(): void {
    this.#batches.clear();
    disposeAll(this.functions);
  }
}

function keyOf(backend: NodeBackend, data: Batch): string {
  return data
    .map((tensor) => tensor && `${backend.tensorMap.get(tensor.dataId).dtype} ${tensor.shape}`)
    .join(';');
}
