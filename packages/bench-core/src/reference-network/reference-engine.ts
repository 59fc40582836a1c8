import {
  clippingScale,
  type Engine,
  type Network,
  type OptimizerSpec,
  type OptimizerState,
  rateOf,
  type StepResult,
  type TrainableModel,
  type TrainingBatch,
  type UpdateSettings,
  updateRule,
  type Weights,
} from '@dlcmp/contract';
import { ReferenceNetwork, softmax } from './reference-network';
import type { Values } from './reference-node';

/** Every network in plain float64 TypeScript, with no framework: slow, legible, and held against PyTorch. */
export const referenceEngine: Engine = {
  id: 'float64',
  title: 'Reference in float64',
  devices: ['cpu'],
  computedBy: [{ part: 'everything', by: 'dlcmp', what: 'plain TypeScript in float64' }],
  optimizers: ['sgd', 'adam', 'adamW'],
  clipsGradients: true,
  ratesByWeight: ['cpu'],
  probe: async () => ({
    available: true,
    hardware: 'CPU',
    versions: { node: process.versions.node },
  }),
  supports: () => true,
  open: async (network) => new ReferenceModel(network),
};

class ReferenceModel implements TrainableModel {
  readonly #network: Network;
  readonly #reference: ReferenceNetwork;
  #moments = new Map<string, readonly Values[]>();
  #momentNames: readonly string[] = [];
  #stepCount = 0;

  constructor(network: Network) {
    this.#network = network;
    this.#reference = new ReferenceNetwork(network);
  }

  async readWeights(): Promise<Weights> {
    const { parameters, state } = this.#reference;
    const { weightShapes, stateShapes } = this.#network;
    const of = (values: Values | undefined, shape: readonly number[]) => ({
      shape,
      data: Float32Array.from(values ?? []),
    });
    return Object.fromEntries([
      ...Object.entries(weightShapes).map(([name, shape]) => [
        name,
        of(parameters.get(name)?.value, shape),
      ]),
      ...Object.entries(stateShapes).map(([name, shape]) => [name, of(state.get(name), shape)]),
    ]);
  }

  async writeWeights(weights: Weights): Promise<void> {
    this.#reference.write(weights);
  }

  async step(batch: TrainingBatch, update: UpdateSettings): Promise<StepResult> {
    const loss = this.#reference.differentiate(batch, update.labelSmoothing);
    const { gradientClipping: limit } = update;
    const norm = limit === undefined ? undefined : this.#gradientNorm();
    this.#update(update, norm === undefined ? 1 : clippingScale(norm, limit as number));
    // Weights and answers leave in float32, so training has diverged where its range ends.
    const fits = Number.isFinite(Math.fround(loss));
    return {
      loss: fits ? loss : Math.fround(loss),
      ...(norm !== undefined && { gradientNorm: norm }),
    };
  }

  async computeGradients(batch: TrainingBatch, labelSmoothing: number) {
    const state = [...this.#reference.state].map(
      ([name, values]) => [name, values.slice()] as const,
    );
    const loss = this.#reference.differentiate(batch, labelSmoothing);
    for (const [name, values] of state) this.#reference.state.get(name)?.set(values);
    const gradients = Object.fromEntries(
      Object.entries(this.#network.weightShapes).map(([name, shape]) => {
        const gradient = this.#reference.parameters.get(name)?.gradient ?? [];
        return [name, { shape, data: Float32Array.from(gradient) }];
      }),
    );
    return { loss, gradients };
  }

  async infer(pixels: Uint8Array, count: number, output: 'logits' | 'probabilities') {
    const { classCount } = this.#network;
    const answers = new Float32Array(count * classCount);
    const imageBytes = count === 0 ? 0 : pixels.length / count;
    for (let image = 0; image < count; image++) {
      const bytes = pixels.subarray(image * imageBytes, (image + 1) * imageBytes);
      const logits = this.#reference.infer(bytes, 1);
      answers.set(output === 'logits' ? logits : softmax(logits), image * classCount);
    }
    return answers;
  }

  async resetOptimizer(): Promise<void> {
    this.#moments.clear();
    this.#stepCount = 0;
  }

  async readOptimizer(): Promise<OptimizerState> {
    const moments = [...this.#moments].flatMap(([name, values]) =>
      values.map((moment, index) => [
        `${name}.${this.#momentNames[index]}`,
        Float32Array.from(moment),
      ]),
    );
    return { stepCount: this.#stepCount, moments: Object.fromEntries(moments) };
  }

  async writeOptimizer({ stepCount, moments }: OptimizerState, spec: OptimizerSpec) {
    this.#stepCount = stepCount;
    this.#momentNames = updateRule(spec).moments;
    this.#moments = new Map(
      Object.keys(this.#network.weightShapes).map((name) => [
        name,
        this.#momentNames.map((moment) => Float64Array.from(moments[`${name}.${moment}`] ?? [])),
      ]),
    );
  }

  async release(): Promise<void> {
    this.#moments.clear();
    this.#reference.parameters.clear();
  }

  #gradientNorm(): number {
    let sum = 0;
    for (const { gradient } of this.#reference.parameters.values()) {
      for (const value of gradient) sum += value * value;
    }
    return Math.sqrt(sum);
  }

  #update(update: UpdateSettings, gradientScale: number): void {
    const rule = updateRule(update.optimizer);
    this.#momentNames = rule.moments;
    this.#stepCount++;
    for (const [name, { value, gradient }] of this.#reference.parameters) {
      const moments =
        this.#moments.get(name) ?? rule.moments.map(() => new Float64Array(value.length));
      this.#moments.set(name, moments);
      const move = rule.prepare(this.#stepCount, rateOf(name, update), gradientScale);
      move(value, gradient, moments);
    }
  }
}
