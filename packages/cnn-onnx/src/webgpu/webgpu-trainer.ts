import {
  type AdamOptions,
  adamFactors,
  DlcmpError,
  elementCount,
  plainRootFactors,
  type TrainingBatch,
  type Weights,
} from '@dlcmp/contract';
import type { DeferredLoss } from '../devices/device-network';
import type { TensorValue, WebGpuGraph, WebGpuSession } from '../runtime/c-api/webgpu-runtime';
import { hostFloats } from '../runtime/webgpu/host-array';
import { BatchInput, type StepNumbers } from './batch-input';
import type { StateTensors } from './device-state';
import { gradientGraph, MOST_PENDING, trainingGraph } from './network-graph';
import { type NetworkParts, withMemoryAdvice } from './network-parts';
import { LARGE } from './weight-layout';

/** What the gradients depend on, beside the weights. */
const GRADIENT_INPUTS = ['images', 'factor', 'target'];

/** What batches of one size need. */
interface SizedTraining {
  readonly session: WebGpuSession;
  readonly input: BatchInput;
  /** One from the first set of the state to the second, and one back. */
  readonly graphs: WebGpuGraph[];
}

/** Trains on the GPU: a step is queued and returns; nothing comes back until a loss is read. */
export class WebGpuTrainer {
  readonly #parts: NetworkParts;
  readonly #sized = new Map<string, SizedTraining>();
  #deliver: ((log: Float32Array) => void)[] = [];
  #stepCount = 0;
  /** Steps ever queued: each leaves its number in the log. */
  #mark = 0;

  constructor(parts: NetworkParts) {
    this.#parts = parts;
    parts.state.resetTraining();
  }

  /** Forgets the optimiser's moments. */
  reset(): void {
    if (this.#deliver.length > 0) this.#settle();
    this.#stepCount = 0;
    this.#parts.state.resetTraining();
  }

  /** Queues one step. */
  step(batch: TrainingBatch, adam: Required<AdamOptions>): DeferredLoss {
    if (this.#deliver.length >= MOST_PENDING) this.#settle();
    const slot = this.#deliver.length;
    const mark = ++this.#mark;
    this.#stepCount++;
    withMemoryAdvice(batch.size, () => {
      const sized = this.#open(batch.size, adam.betas);
      sized.input.feed(batch, { slot, mark, ...this.#adamNumbers(adam) });
      sized.graphs[0]?.run();
    });
    this.#parts.state.swap();
    for (const { graphs } of this.#sized.values()) graphs.reverse();
    return this.#defer(batch.size, slot, mark);
  }

  async computeGradients(batch: TrainingBatch): Promise<{ loss: number; gradients: Weights }> {
    const { runtime, sizes, layout, state } = this.#parts;
    const [loss, large, packed] = [
      1,
      elementCount(layout.shapes[LARGE] as readonly number[]),
      layout.packedLength,
    ].map(hostFloats) as [Float32Array, Float32Array, Float32Array];
    const outputs = {
      loss: runtime.lend(loss, [1]),
      'large.gradient': runtime.lend(large, [large.length]),
      'packed.gradient': runtime.lend(packed, [packed.length]),
    };
    const input = new BatchInput(runtime, sizes, batch.size);
    input.feed(batch);
    withMemoryAdvice(batch.size, () => {
      const session = runtime.openSession(gradientGraph(sizes, layout, batch.size));
      const graph = session.bind(
        { ...state.weights, ...pick(input.tensors, GRADIENT_INPUTS) },
        outputs,
      );
      graph.run();
      graph.release();
      session.release();
    });
    for (const tensor of [...Object.values(outputs), input]) tensor.release();
    return { loss: loss[0] as number, gradients: layout.unpack(large, packed) };
  }

  release(): void {
    for (const { session, input, graphs } of this.#sized.values()) {
      for (const graph of graphs) graph.release();
      input.release();
      session.release();
    }
    this.#sized.clear();
  }

  #open(size: number, betas: readonly [number, number]): SizedTraining {
    const key = [size, ...betas].join();
    const known = this.#sized.get(key);
    if (known) return known;
    const { runtime, sizes, layout, state } = this.#parts;
    const graph = trainingGraph(sizes, layout, size, betas);
    const session = runtime.openSession(graph, { records: true });
    const input = new BatchInput(runtime, sizes, size);
    const bind = (from: StateTensors, to: StateTensors, recording: number) =>
      session.bind(
        { ...from, ...input.tensors },
        Object.fromEntries(Object.entries(to).map(([name, tensor]) => [`${name}.next`, tensor])),
        recording,
      );
    const graphs = [bind(state.current, state.next, 1), bind(state.next, state.current, 2)];
    const sized = { session, input, graphs };
    this.#sized.set(key, sized);
    return sized;
  }

  #adamNumbers(adam: Required<AdamOptions>): Pick<StepNumbers, 'rate' | 'epsilon'> {
    const factors = adamFactors(this.#stepCount, adam.learningRate, adam);
    const { rate, epsilon } = plainRootFactors(factors);
    // The graph's moments leave out the factors 1 - β.
    const root = Math.sqrt(1 - factors.varianceDecay);
    return { rate: (rate * (1 - factors.meanDecay)) / root, epsilon: epsilon / root };
  }

  #defer(size: number, slot: number, mark: number): DeferredLoss {
    let entry: readonly [number, number] | undefined;
    this.#deliver.push((log) => {
      entry = [log[slot] as number, log[MOST_PENDING + slot] as number];
    });
    return {
      read: async () => {
        if (entry === undefined) this.#settle();
        const [loss, written] = entry as unknown as [number, number];
        if (written !== mark) throw lostStep(size);
        return loss;
      },
    };
  }

  /** Waits for every step so far, and reads their losses. */
  #settle(): void {
    const log = this.#parts.state.read('log');
    for (const deliver of this.#deliver) deliver(log);
    this.#deliver = [];
  }
}

function pick(tensors: StateTensors, names: readonly string[]): StateTensors {
  return Object.fromEntries(names.map((name) => [name, tensors[name] as TensorValue]));
}

/** WebGPU drops what a GPU out of memory, or one that is gone, cannot do, and says nothing to whoever queued it. */
function lostStep(size: number): DlcmpError {
  return new DlcmpError(
    'BACKEND_UNAVAILABLE',
    `The GPU did not carry out a step on ${size} images: it is out of memory, or was lost (its driver restarted, or the machine slept). Choose a smaller batch size, or start again.`,
  );
}
