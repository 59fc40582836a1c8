import {
  createGenerator,
  elementCount,
  type ModelSpec,
  networkOf,
  simpleCnn,
  type TrainingBatch,
  type Weights,
} from '@dlcmp/contract';

/** A few fixed training steps of a small network, to be replayed by any framework. */
export interface Trajectory {
  /** With `initialWeights`. */
  readonly spec: ModelSpec;
  readonly learningRate: number;
  readonly betas: readonly [number, number];
  readonly epsilon: number;
  readonly batches: readonly TrainingBatch[];
}

/** What a framework, or the reference, got on a trajectory. */
export interface TrajectoryOutcome {
  /** Per step, before its update, dropout off: [batch × classes]. */
  readonly logits: readonly Float32Array[];
  /** Per step, before its update, dropout on. */
  readonly losses: readonly number[];
  /** Of the mean cross-entropy at step 1, dropout on. */
  readonly gradients: Weights;
  readonly finalWeights: Weights;
}

const BATCH_SIZE = 8;
const STEPS = 4;

/** A trajectory that two frameworks can be compared on in a moment: a small network, odd sizes on the way down, random pixels. */
export function createRandomTrajectory(classNames: readonly string[], seed: number): Trajectory {
  const network = simpleCnn({ channels: [4, 6, 8], hiddenUnits: 16 });
  const spec: ModelSpec = { inputHeight: 27, inputWidth: 34, classNames, seed, network };
  return {
    spec,
    learningRate: 1e-3,
    betas: [0.9, 0.999],
    epsilon: 1e-8,
    batches: Array.from({ length: STEPS }, (_, step) => randomBatch(spec, step)),
  };
}

function randomBatch(spec: ModelSpec, step: number): TrainingBatch {
  const generator = createGenerator(spec.seed, 'parity-gate', step);
  const draw = (count: number, bound: number) =>
    Array.from({ length: count }, () => (generator.next() >>> 0) % bound);
  const pixelCount = BATCH_SIZE * spec.inputHeight * spec.inputWidth * 3;
  const pixels = Uint8Array.from(draw(pixelCount, 256));
  const labels = Int32Array.from(draw(BATCH_SIZE, spec.classNames.length));
  const masks = Object.entries(networkOf(spec).masks).map(([name, { shape }]) => [
    name,
    Uint8Array.from(draw(BATCH_SIZE * elementCount(shape), 2)),
  ]);
  return { pixels, labels, masks: Object.fromEntries(masks), size: BATCH_SIZE };
}
