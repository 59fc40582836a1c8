import {
  type CnnAdapter,
  type ModelSpec,
  type NetworkDescription,
  namedNetwork,
  pixelsInMemory,
  simpleCnn,
} from '@dlcmp/contract';
import { beforeAll, describe, expect, it } from '@jest/globals';
import type { GateOutcome } from '../../src/parity/gate/gate-outcome';
import { type GatePlan, planGate, trainsBatchNorm } from '../../src/parity/gate/gate-plan';
import { judgeGate } from '../../src/parity/gate/judge-gate';
import { type GateImages, observeClassifier } from '../../src/parity/gate/observe-classifier';
import { observeReference } from '../../src/parity/gate/observe-reference';
import { weightShare } from '../../src/parity/gate/sample-errors';
import { selfChecks } from '../../src/parity/gate/self-checks';
import { createReferenceCnn } from '../../src/testing';
import { CHEATS } from './gate-cheats';

const spec: ModelSpec = {
  ...{ inputHeight: 16, inputWidth: 16, classNames: ['a', 'b', 'c', 'd'], seed: 3 },
  network: simpleCnn({ channels: [10, 12, 12], hiddenUnits: 64 }),
};

const plan: GatePlan = planGate(
  {
    ...{ spec, backend: 'float64', threads: 1, inferenceBatchSize: 8 },
    training: { epochs: 4, batchSize: 8, epsilon: 1e-8, augmentation: 'horizontal-flip' },
  },
  { trainCount: 83, testCount: 21 },
  10,
);

function images(): GateImages {
  const bytes = 16 * 16 * 3;
  const pixels = Uint8Array.from({ length: plan.trainCount * bytes }, (_, at) => (at * 7919) >> 4);
  const labels = Int32Array.from({ length: plan.trainCount }, (_, at) => at % 4);
  return {
    train: (count) => ({
      pixels: pixelsInMemory(pixels.subarray(0, count * bytes), count, spec),
      labels: labels.slice(0, count),
      count,
    }),
    test: {
      pixels: pixels.subarray(0, plan.testCount * bytes),
      labels: labels.slice(0, plan.testCount),
      count: plan.testCount,
    },
  };
}

const observe = (adapter: CnnAdapter) => observeClassifier(adapter, plan, images());

let honest: GateOutcome;
let reference: GateOutcome;

beforeAll(async () => {
  honest = await observe(createReferenceCnn());
  reference = observeReference(plan, images(), 1000);
});

const REFERENCE = 'reference';

/** The checks that each fails, first that of `outcome`. */
function failures(outcome: GateOutcome, others: readonly GateOutcome[], withReference = true) {
  const observed = [outcome, ...others].map((own, at) => ({
    name: `${at}`,
    outcome: own,
    ...{ slack: 1, learningRate: 1e-3 },
    ownChecks: selfChecks(own, plan),
  }));
  const standard = withReference ? { name: REFERENCE, outcome: reference } : undefined;
  const { checks } = judgeGate(observed, standard);
  return observed.map(({ name }) =>
    (checks.get(name) ?? []).flatMap(({ id, passed }) => (passed ? [] : [id])),
  );
}

describe('the gate', () => {
  it('repeats the run in small: two full batches and its last one, two epochs', () => {
    expect(plan).toMatchObject({ trainCount: 19, testCount: 13, gradientCount: 8, batchSize: 8 });
    expect(plan.training).toMatchObject({ epochs: 2, batchSize: 8, epsilon: 1e-8 });
  });

  it('lets an honest contender pass, and finds nothing left out', () => {
    expect(failures(honest, [])).toEqual([[]]);
    const observed = { name: 'a', outcome: honest, slack: 1, learningRate: 1e-3, ownChecks: [] };
    const { checks } = judgeGate([observed], { name: REFERENCE, outcome: reference });
    const rows = checks.get('a');
    expect(rows?.map(({ id }) => id)).toEqual([
      ...['initial-logits', 'first-loss', 'first-gradients', 'applied-gradients', 'first-step'],
      ...[
        'step-losses',
        'epoch-losses',
        'trained-weights',
        'learning-rate',
        'weight-decay',
        'momentum-weights',
      ],
      ...['adam-weights', 'answers'],
    ]);
  });

  it('allows trained batch norm the rounding that it makes, and no more', () => {
    const judged = (factor: number, trainsBatchNorm: boolean) => {
      const { timed } = honest.fits;
      const steps = timed?.steps.map((step, at) => ({
        ...step,
        loss: step.loss && step.loss * (at === 2 ? factor : 1),
      }));
      const outcome = { ...honest, fits: { ...honest.fits, timed: { ...timed!, steps: steps! } } };
      const own = { name: 'a', outcome, slack: 1, learningRate: 1e-3, ownChecks: [] };
      const standard = { name: REFERENCE, outcome: reference };
      const { checks } = judgeGate([{ ...own, trainsBatchNorm }], standard);
      return checks.get('a')?.find(({ id }) => id === 'step-losses')?.passed;
    };
    expect([judged(1.02, false), judged(1.02, true), judged(1.1, true)]).toEqual([
      ...[false, true, false],
    ]);
  });

  it('knows whether batch norm is trained, or frozen', () => {
    const small = { ...spec, network: namedNetwork('mobilenet-v2') };
    const gate = { ...plan, spec: small };
    expect(trainsBatchNorm(plan)).toBe(false);
    expect(trainsBatchNorm(gate)).toBe(true);
    expect(trainsBatchNorm({ ...gate, training: { ...gate.training, train: 'head' } })).toBe(false);
  });

  it('trains batch norm at a tenth of the rate, whatever tells the rate', () => {
    const rates = (training: GatePlan['training'], network: 'mobilenet-v2' | 'simple-cnn') => {
      const trial = { backend: 'float64', threads: 1, inferenceBatchSize: 8, training };
      const options = planGate(
        { ...trial, spec: { ...spec, network: namedNetwork(network) } },
        { trainCount: 83, testCount: 21 },
        10,
      ).training;
      return options.schedule ?? options.learningRate;
    };
    expect(rates({ learningRate: 0.02 }, 'simple-cnn')).toBe(0.02);
    expect(rates({ learningRate: 0.02 }, 'mobilenet-v2')).toBeCloseTo(0.002, 12);
    expect(rates({}, 'mobilenet-v2')).toBeCloseTo(1e-4, 12);
    const schedule = { kind: 'cosine', learningRate: 0.5, warmupSteps: 2, minimum: 0.25 } as const;
    expect(rates({ schedule }, 'mobilenet-v2')).toEqual({
      ...schedule,
      ...{ learningRate: 0.05, minimum: 0.025 },
    });
  });

  it('looks for no decay in weights that begin at 0', () => {
    const some = Float64Array.from({ length: 512 }, (_, at) => Math.sin(at));
    const weights = { shift: new Float64Array(512), kernel: some };
    const moved = { shift: some, kernel: some.map((value) => 0.9 * value) };
    const still = { shift: some, kernel: new Float64Array(512) };
    expect(weightShare(moved, still, weights).figure).toBeCloseTo(0.9, 6);
  });

  it.each(CHEATS)('catches one that $name', async ({ adapter, fails }) => {
    const [own, ...others] = failures(await observe(adapter), [honest]);
    expect(own).toContain(fails);
    expect(others).toEqual([[]]);
  });

  it('names the one that two others contradict, without a reference', async () => {
    const cheat = CHEATS.find(({ name }) => name === 'never flips');
    const outcome = await observe(cheat?.adapter as CnnAdapter);
    const [own, ...others] = failures(outcome, [honest, honest], false);
    expect(own).toContain('first-step');
    expect(others).toEqual([[], []]);
  });

  it('blames both where two disagree and nothing says who is wrong', async () => {
    const cheat = CHEATS.find(({ name }) => name === 'never flips');
    const outcome = await observe(cheat?.adapter as CnnAdapter);
    const [own, other] = failures(outcome, [honest], false);
    expect(own).toContain('first-step');
    expect(other).toContain('first-step');
  });
});

describe('the gate, where batch norm is trained', () => {
  const network: NetworkDescription = {
    ...{ schemaVersion: 1, name: 'normed' },
    nodes: [
      { name: 'conv2', type: 'conv2d', channels: 24, kernelSize: 3, padding: 'same' },
      { name: 'norm', type: 'batchNorm' },
      { name: 'relu', type: 'relu' },
      { name: 'pool', type: 'globalAveragePool' },
      { name: 'flat', type: 'flatten' },
      { name: 'dense', type: 'dense', units: 'classes' },
    ],
  };
  const own = { ...plan, spec: { ...spec, network } };
  let reference: GateOutcome;

  const failuresOf = async (adapter: CnnAdapter) => {
    const outcome = await observeClassifier(adapter, own, images());
    const observed = { name: 'a', outcome, slack: 1, learningRate: 1e-3, trainsBatchNorm: true };
    const { checks } = judgeGate([{ ...observed, ownChecks: selfChecks(outcome, own) }], {
      ...{ name: REFERENCE, outcome: reference },
    });
    return checks.get('a')?.flatMap(({ id, passed }) => (passed ? [] : [id]));
  };

  beforeAll(() => {
    reference = observeReference(own, images(), 1000);
  });

  it('lets an honest contender pass', async () => {
    expect(await failuresOf(createReferenceCnn())).toEqual([]);
  });

  it.each([
    ['has no filter gradients above 8 channels', 'first-gradients'],
    [
      'trains no filter above 8 channels, and answers whole gradients when asked',
      'applied-gradients',
    ],
    ['takes every other step', 'learning-rate'],
    ['trains on half of each batch', 'first-step'],
    ['skips the last batch', 'trained-weights'],
    ['lowers the learning rate along a cosine', 'learning-rate'],
    ["decays weights as AdamW's default does", 'weight-decay'],
    ["leaves Adam's moments biased", 'trained-weights'],
  ])('catches one that %s', async (cheat, check) => {
    const adapter = CHEATS.find(({ name }) => name === cheat)?.adapter as CnnAdapter;
    expect(await failuresOf(adapter)).toContain(check);
  });
});
