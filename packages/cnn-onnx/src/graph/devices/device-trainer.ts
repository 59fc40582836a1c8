import {
  type DeferredStep,
  DlcmpError,
  type Network,
  type OptimizerSpec,
  type OptimizerState,
  type StepResult,
  type TrainingBatch,
  type UpdateSettings,
  type Weights,
} from '@dlcmp/contract';
import { momentKinds, momentName, type UpdateRules } from '../optimizers/add-update';
import { stepFactorNames, stepFactors } from '../optimizers/step-factors';
import { buildGradientModel } from '../training-model';
import { GRADIENT_NORM, gradientName, LOSS, nextName } from '../value-names';
import { AlternatingArrays } from './alternating-arrays';
import { batchArrays, batchFeeds } from './batch-feeds';
import type { DeviceWeights } from './device-weights';
import type { BoundGraph, DeviceArrays, GraphDevice } from './graph-device';
import { withMemoryAdvice } from './memory-advice';
import { LOG, LOG_SHAPE, LOG_SLOTS, logEntry, MARK, SLOT } from './step-log';
import { buildUpdateModel } from './update-model';

/** Numbers up to which float32 counts. */
const MOST_MARKS = 2 ** 24;

/** Takes steps: two graphs each, gradients and update, which are queued. Nothing comes back until a result is read. */
export class DeviceTrainer<Tensor> {
  readonly #device: GraphDevice<Tensor>;
  readonly #network: Network;
  readonly #values: DeviceWeights<Tensor>;
  readonly #gradients: DeviceArrays<Tensor>;
  readonly #scalars: DeviceArrays<Tensor>;
  readonly #log: AlternatingArrays<Tensor>;
  #moments = new Map<string, AlternatingArrays<Tensor>>();
  #graphs:
    | { readonly rules: string; update: BoundGraph; sized: Map<number, BoundGraph> }
    | undefined;
  #stepCount = 0;
  /** Steps ever queued: each leaves its number in the log. */
  #mark = 0;
  #deliver: ((log: Float32Array) => void)[] = [];

  constructor(device: GraphDevice<Tensor>, network: Network, values: DeviceWeights<Tensor>) {
    this.#device = device;
    this.#network = network;
    this.#values = values;
    this.#gradients = device.allocate(network.weightShapes);
    this.#scalars = device.allocate({ [LOSS]: [], [GRADIENT_NORM]: [] });
    this.#log = new AlternatingArrays(device, { [LOG]: LOG_SHAPE });
  }

  /** Queues one step. */
  step(batch: TrainingBatch, { learningRate, ...rules }: UpdateSettings): DeferredStep {
    if (this.#deliver.length >= LOG_SLOTS) this.#settle();
    this.#keepMoments(rules.optimizer);
    const slot = this.#deliver.length;
    const mark = (this.#mark++ % MOST_MARKS) + 1;
    const { turn } = this.#values;
    withMemoryAdvice(batch.size, () => {
      const { update, gradients } = this.#open(rules, batch.size);
      gradients.run(batchArrays(this.#network, batch), turn);
      const factors = stepFactors(rules.optimizer, ++this.#stepCount, learningRate);
      update.run(
        { ...scalars(factors), ...scalars({ [MARK]: mark }), [SLOT]: slotRow(slot) },
        turn,
      );
    });
    this.#values.advance();
    return this.#defer(batch.size, slot, mark, rules.gradientClipping !== undefined);
  }

  /** The graph is closed afterwards: gradients are asked for once, to be looked at. */
  computeGradients(
    batch: TrainingBatch,
    labelSmoothing: number,
  ): { loss: number; gradients: Weights } {
    return withMemoryAdvice(batch.size, () => {
      const graph = this.#openGradients(labelSmoothing, batch.size, false);
      try {
        graph.run(batchArrays(this.#network, batch), this.#values.turn);
        const loss = this.#scalars.read()[LOSS]?.data[0] as number;
        return { loss, gradients: this.#gradients.read() };
      } finally {
        graph.release();
      }
    });
  }

  reset(): void {
    this.#stepCount = 0;
    for (const moment of this.#moments.values()) moment.source(this.#values.turn).clear();
  }

  readOptimizer(): OptimizerState {
    const moments: Record<string, Float32Array> = {};
    for (const [kind, arrays] of this.#moments) {
      for (const [name, { data }] of Object.entries(arrays.source(this.#values.turn).read())) {
        moments[momentName(name, kind)] = data;
      }
    }
    return { stepCount: this.#stepCount, moments: this.#stepCount === 0 ? {} : moments };
  }

  writeOptimizer({ stepCount, moments }: OptimizerState, optimizer: OptimizerSpec): void {
    this.#keepMoments(optimizer);
    this.reset();
    for (const [kind, arrays] of this.#moments) {
      const names = Object.keys(this.#network.weightShapes);
      const saved = names.flatMap((name) => {
        const values = moments[momentName(name, kind)];
        return values ? [[name, values] as const] : [];
      });
      arrays.source(this.#values.turn).write(Object.fromEntries(saved));
    }
    this.#stepCount = stepCount;
  }

  release(): void {
    this.#close();
    for (const arrays of [this.#gradients, this.#scalars, this.#log, ...this.#moments.values()]) {
      arrays.free();
    }
  }

  /** An optimiser that remembers something else than the one before begins anew. */
  #keepMoments(optimizer: OptimizerSpec): void {
    const kinds = momentKinds(optimizer);
    if (kinds.join() === [...this.#moments.keys()].join()) return;
    this.#close();
    for (const arrays of this.#moments.values()) arrays.free();
    const { weightShapes } = this.#network;
    this.#moments = new Map(
      kinds.map((kind) => [kind, new AlternatingArrays(this.#device, weightShapes)]),
    );
    this.#stepCount = 0;
  }

  #open(rules: UpdateRules, size: number): { update: BoundGraph; gradients: BoundGraph } {
    const key = JSON.stringify(rules);
    if (this.#graphs?.rules !== key) {
      this.#close();
      this.#graphs = { rules: key, update: this.#openUpdate(rules), sized: new Map() };
    }
    const { update, sized } = this.#graphs;
    const gradients = sized.get(size) ?? this.#openGradients(rules.labelSmoothing, size, true);
    sized.set(size, gradients);
    return { update, gradients };
  }

  #openGradients(labelSmoothing: number, size: number, withState: boolean): BoundGraph {
    const values = this.#values;
    const options = { labelSmoothing, device: this.#device.id, withState };
    const bindings = values.turns.map((turn) => ({
      inputs: values.tensors(turn),
      outputs: {
        ...renamed(this.#gradients.tensors, gradientName),
        ...(withState && renamed(values.state.target(turn).tensors, nextName)),
        ...pick(this.#scalars.tensors, [LOSS]),
      },
    }));
    const model = buildGradientModel(this.#network, options);
    return this.#device.openGraph(model, batchFeeds(this.#network, size), bindings);
  }

  #openUpdate(rules: UpdateRules): BoundGraph {
    const { weights, turns } = this.#values;
    const clips = rules.gradientClipping !== undefined;
    const replaced = (turn: number, side: 'source' | 'target'): Record<string, Tensor> => {
      const moments = [...this.#moments].map(([kind, arrays]) =>
        renamed(arrays[side](turn).segments, (name) => momentName(name, kind)),
      );
      const others = [weights[side](turn).segments, this.#log[side](turn).tensors];
      return Object.assign({}, ...others, ...moments);
    };
    const bindings = turns.map((turn) => ({
      inputs: {
        ...replaced(turn, 'source'),
        ...renamed(this.#gradients.segments, gradientName),
        ...pick(this.#scalars.tensors, [LOSS]),
      },
      outputs: {
        ...renamed(replaced(turn, 'target'), nextName),
        ...(clips && pick(this.#scalars.tensors, [GRADIENT_NORM])),
      },
    }));
    const numbers = [...stepFactorNames(rules.optimizer), MARK];
    const scalar = { type: 'float32', shape: [] } as const;
    const feeds = {
      ...Object.fromEntries(numbers.map((name) => [name, scalar])),
      [SLOT]: { type: 'float32', shape: [1, LOG_SLOTS] } as const,
    };
    const model = buildUpdateModel(this.#gradients.segmentShapes, rules);
    return this.#device.openGraph(model, feeds, bindings);
  }

  #close(): void {
    if (this.#deliver.length > 0) this.#settle();
    for (const graph of this.#graphs?.sized.values() ?? []) graph.release();
    this.#graphs?.update.release();
    this.#graphs = undefined;
  }

  #defer(size: number, slot: number, mark: number, clips: boolean): DeferredStep {
    let entry: ReturnType<typeof logEntry> | undefined;
    this.#deliver.push((log) => {
      entry = logEntry(log, slot);
    });
    return {
      read: async (): Promise<StepResult> => {
        if (entry === undefined) this.#settle();
        const { loss, norm, mark: written } = entry as ReturnType<typeof logEntry>;
        if (written !== mark) throw lostStep(size);
        return { loss, ...(clips && { gradientNorm: norm }) };
      },
    };
  }

  /** Waits for every step so far, and reads their results. */
  #settle(): void {
    const log = this.#log.source(this.#values.turn).read()[LOG]?.data as Float32Array;
    for (const deliver of this.#deliver) deliver(log);
    this.#deliver = [];
  }
}

function renamed<Value>(
  values: Readonly<Record<string, Value>>,
  rename: (name: string) => string,
): Record<string, Value> {
  return Object.fromEntries(Object.entries(values).map(([name, value]) => [rename(name), value]));
}

function pick<Value>(values: Readonly<Record<string, Value>>, names: readonly string[]) {
  return Object.fromEntries(names.map((name) => [name, values[name] as Value]));
}

function scalars(numbers: Readonly<Record<string, number>>): Record<string, Float32Array> {
  return Object.fromEntries(
    Object.entries(numbers).map(([name, value]) => [name, Float32Array.of(value)]),
  );
}

function slotRow(slot: number): Float32Array {
  const row = new Float32Array(LOG_SLOTS);
  row[slot] = 1;
  return row;
}

/** A GPU that is out of memory, or gone, may say nothing to whoever queued a step. */
function lostStep(size: number): DlcmpError {
  return new DlcmpError(
    'BACKEND_UNAVAILABLE',
    `The GPU did not carry out a step on ${size} images: it is out of memory, or was lost (its driver restarted, or the machine slept). Choose a smaller batch size, or start again.`,
  );
}
