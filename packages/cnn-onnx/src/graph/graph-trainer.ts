import type {
  Network,
  OptimizerSpec,
  OptimizerState,
  StepResult,
  TrainingBatch,
  UpdateSettings,
  Weights,
} from '@dlcmp/contract';
import type { InferenceSession, Tensor } from 'onnxruntime-node';
import type { OnnxRuntime } from '../runtime/onnx-runtime';
import { graphTensors, zeroTensors } from './graph-tensors';
import { momentShapes, type UpdateRules } from './optimizers/add-update';
import { rateFactorsOf, stepFactors } from './optimizers/step-factors';
import { trainingFeeds } from './training-feeds';
import { buildStepModel } from './training-model';
import { GRADIENT_NORM, LOSS, nextName } from './value-names';

/** Takes steps: one run of one graph each, which writes weights, state and moments to where it read them. */
export class GraphTrainer {
  readonly #runtime: OnnxRuntime;
  readonly #network: Network;
  /** Weights and state. */
  readonly #values: Weights;
  readonly #loss = new Float32Array(1);
  readonly #norm = new Float32Array(1);
  #moments: Weights = {};
  #stepCount = 0;
  /** The graph of the last step, and the rules that it is of. */
  #session: { readonly rules: string; readonly session: InferenceSession } | undefined;

  /** @param values weights and state, trained in place */
  constructor(runtime: OnnxRuntime, network: Network, values: Weights) {
    this.#runtime = runtime;
    this.#network = network;
    this.#values = values;
  }

  async step(
    batch: TrainingBatch,
    { learningRate, ...rules }: UpdateSettings,
  ): Promise<StepResult> {
    const session = await this.#open(rules);
    this.#keepMoments(rules.optimizer);
    this.#stepCount++;
    const { tensor } = this.#runtime;
    const updated = { ...this.#values, ...this.#moments };
    const clips = rules.gradientClipping !== undefined;
    const feeds: Record<string, Tensor> = {
      ...graphTensors(this.#runtime, updated),
      ...trainingFeeds(this.#runtime, this.#network, batch),
    };
    for (const factor of rateFactorsOf(Object.keys(this.#network.weightShapes), rules)) {
      const numbers = stepFactors(rules.optimizer, this.#stepCount, learningRate, factor);
      for (const [name, value] of Object.entries(numbers)) {
        feeds[name] = tensor('float32', Float32Array.of(value), []);
      }
    }
    await session.run(feeds, {
      ...graphTensors(this.#runtime, updated, nextName),
      [LOSS]: tensor('float32', this.#loss, []),
      ...(clips && { [GRADIENT_NORM]: tensor('float32', this.#norm, []) }),
    });
    return {
      loss: this.#loss[0] as number,
      ...(clips && { gradientNorm: this.#norm[0] as number }),
    };
  }

  reset(): void {
    this.#stepCount = 0;
    this.#moments = {};
  }

  readOptimizer(): OptimizerState {
    const moments = Object.entries(this.#moments).map(([name, { data }]) => [name, data.slice()]);
    return { stepCount: this.#stepCount, moments: Object.fromEntries(moments) };
  }

  writeOptimizer({ stepCount, moments }: OptimizerState, optimizer: OptimizerSpec): void {
    this.#moments = zeroTensors(momentShapes(optimizer, this.#network.weightShapes));
    for (const [name, { data }] of Object.entries(this.#moments)) {
      const saved = moments[name];
      if (saved) data.set(saved);
    }
    this.#stepCount = stepCount;
  }

  async release(): Promise<void> {
    const open = this.#session;
    this.#session = undefined;
    await open?.session.release();
  }

  async #open(rules: UpdateRules): Promise<InferenceSession> {
    const key = JSON.stringify(rules);
    if (this.#session?.rules === key) return this.#session.session;
    await this.release();
    const session = await this.#runtime.openSession(buildStepModel(this.#network, rules));
    this.#session = { rules: key, session };
    return session;
  }

  /** An optimiser that remembers something else than the one before begins anew. */
  #keepMoments(optimizer: OptimizerSpec): void {
    const shapes = momentShapes(optimizer, this.#network.weightShapes);
    if (Object.keys(shapes).join() === Object.keys(this.#moments).join()) return;
    this.#moments = zeroTensors(shapes);
    this.#stepCount = 0;
  }
}
