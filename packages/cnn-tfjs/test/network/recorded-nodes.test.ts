import { readFileSync } from 'node:fs';
import {
  type Engine,
  elementCount,
  type Network,
  type NetworkNode,
  NODE_TYPES,
  resolveNetwork,
  sgd,
  type TrainableModel,
  type TrainingBatch,
  type Weights,
} from '@dlcmp/contract';
import { describe, expect, it } from '@jest/globals';
import { relativeError } from '../../../tensorflow/test/relative-error';
import { defineTensorEngine } from '../../src/engines/tensor-engine';
import { openTuned, tunedEngine } from '../../src/engines/tuned';
import { cnnTfjs } from '../../src/index';
import { loadTensorFlowModules } from '../../src/tensorflow-modules';
import { ENGINES_UNDER_TEST, HAS_NATIVE_TENSORFLOW } from '../engines-under-test';

/** What PyTorch computed in float64: see `record-nodes.py`. */
interface Recording {
  readonly nodes: readonly NetworkNode[];
  readonly logits: readonly number[];
  /** With labels smoothed by 0.1. */
  readonly loss: number;
  readonly gradients: Readonly<Record<string, readonly number[]>>;
  readonly state: Readonly<Record<string, readonly number[]>>;
}

const RECORDINGS = Object.entries<Recording>(
  JSON.parse(readFileSync(new URL('pytorch-nodes.json', import.meta.url), 'utf8')),
);

const COUNT = 3;
const SIZE = { inputHeight: 6, inputWidth: 5 };
const CLASSES = 2;
const SMOOTHING = 0.1;
const LEARNING_RATE = 0.5;

/** A relative error that float32 arithmetic explains. */
const ROUNDING = 3e-5;

/** As a GPU is given steps, with a GPU's kernels, on the CPU. */
const compiled = defineTensorEngine(loadTensorFlowModules, {
  ...tunedEngine,
  id: 'tuned, compiled',
  open: (modules) =>
    openTuned(modules, { device: 'CPU', kernels: 'GPU', asynchronous: true, threads: 1 }),
});

const engines: readonly Engine[] = [
  ...(cnnTfjs.engines ?? []).filter(({ id }) => ENGINES_UNDER_TEST.includes(id)),
  ...(HAS_NATIVE_TENSORFLOW ? [compiled] : []),
];

function networkOf({ nodes }: Recording): Network {
  return resolveNetwork({ schemaVersion: 1, name: 'recorded', nodes }, SIZE, CLASSES);
}

/** The formulas of `record-nodes.py`. */
function weightsOf({ weightShapes, stateShapes }: Network): Weights {
  const weights = Object.entries(weightShapes).map(([name, shape], number) => {
    const value = (_: unknown, index: number) => 0.5 * Math.sin(1.3 * index + number + 1);
    return [name, { shape, data: Float32Array.from({ length: elementCount(shape) }, value) }];
  });
  const state = Object.entries(stateShapes).map(([name, shape]) => {
    const value = name.endsWith('running_var') ? 1.5 : 0.25;
    return [name, { shape, data: new Float32Array(elementCount(shape)).fill(value) }];
  });
  return Object.fromEntries([...weights, ...state]);
}

function batchOf({ masks }: Network): TrainingBatch {
  const values = COUNT * SIZE.inputHeight * SIZE.inputWidth * 3;
  const mask = (length: number) =>
    Uint8Array.from({ length }, (_, index) => Number((index * 5) % 3 !== 0));
  const kept = Object.entries(masks).map(([name, { shape }]) => [
    name,
    mask(COUNT * elementCount(shape)),
  ]);
  return {
    pixels: Uint8Array.from({ length: values }, (_, i) => (i * 37 + 11 * Math.floor(i / 7)) % 256),
    labels: Int32Array.from({ length: COUNT }, (_, index) => index % CLASSES),
    masks: Object.fromEntries(kept),
    size: COUNT,
  };
}

async function withModel(
  engine: Engine,
  network: Network,
  use: (model: TrainableModel) => Promise<void>,
): Promise<void> {
  const device = engine.devices[0] as Engine['devices'][number];
  const model = await engine.open(network, { device, threads: 1 });
  try {
    await model.writeWeights(weightsOf(network));
    await use(model);
  } finally {
    await model.release();
  }
}

describe.each(engines.map((engine) => [engine.id, engine] as const))('%s', (_, engine) => {
  const supported = RECORDINGS.filter(
    ([, recording]) => engine.supports(networkOf(recording)) === true,
  );

  it.each(supported)("computes %s to PyTorch's numbers", async (_name, recording) => {
    const network = networkOf(recording);
    const batch = batchOf(network);
    await withModel(engine, network, async (model) => {
      const logits = await model.infer(batch.pixels, COUNT, 'logits');
      expect(relativeError(logits, recording.logits)).toBeLessThan(ROUNDING);
      const { loss, gradients } = await model.computeGradients(batch, SMOOTHING);
      expect(relativeError([loss], [recording.loss])).toBeLessThan(ROUNDING);
      expect(Object.keys(gradients).sort()).toEqual(Object.keys(recording.gradients).sort());
      for (const [name, expected] of Object.entries(recording.gradients)) {
        expect([name, relativeError(gradients[name]?.data ?? [], expected)]).toEqual([
          name,
          expect.closeTo(0, 4),
        ]);
      }
    });
  });

  it.each(supported)('updates weights and state of %s by one step', async (_name, recording) => {
    const network = networkOf(recording);
    await withModel(engine, network, async (model) => {
      const before = weightsOf(network);
      const update = {
        optimizer: sgd(),
        learningRate: LEARNING_RATE,
        labelSmoothing: SMOOTHING,
      };
      const step = await model.step(batchOf(network), update);
      const { loss } = 'read' in step ? await step.read() : step;
      expect(relativeError([loss], [recording.loss])).toBeLessThan(ROUNDING);
      const after = await model.readWeights();
      for (const [name, gradient] of Object.entries(recording.gradients)) {
        const start = before[name]?.data ?? [];
        const expected = gradient.map((slope, i) => (start[i] as number) - LEARNING_RATE * slope);
        expect(relativeError(after[name]?.data ?? [], expected)).toBeLessThan(1e-4);
      }
      for (const [name, expected] of Object.entries(recording.state)) {
        expect(relativeError(after[name]?.data ?? [], expected)).toBeLessThan(ROUNDING);
      }
    });
  });

  it.each(supported)('has gradients of %s along which its loss falls', async (_name, recording) => {
    const network = networkOf(recording);
    const batch = batchOf(network);
    await withModel(engine, network, async (model) => {
      const { gradients } = await model.computeGradients(batch, SMOOTHING);
      const squares = Object.values(gradients).flatMap(({ data }) => [...data].map((g) => g * g));
      const slope = Math.sqrt(squares.reduce((sum, square) => sum + square, 0));
      const lossAt = async (distance: number) => {
        const moved = Object.entries(weightsOf(network)).map(([name, { shape, data }]) => {
          const gradient = gradients[name]?.data;
          const values = data.map((w, i) => w + ((gradient?.[i] ?? 0) * distance) / slope);
          return [name, { shape, data: values }];
        });
        await model.writeWeights(Object.fromEntries(moved));
        return (await model.computeGradients(batch, SMOOTHING)).loss;
      };
      const difference = ((await lossAt(STEP)) - (await lossAt(-STEP))) / (2 * STEP);
      expect(relativeError([difference], [slope])).toBeLessThan(0.01);
    });
  });
});

/** Far enough for float32, near enough for few kinks. */
const STEP = 2e-3;

describe('the recordings', () => {
  it('hold every node type', () => {
    const types = RECORDINGS.flatMap(([, { nodes }]) => nodes.map(({ type }) => type));
    expect([...new Set(types)].sort()).toEqual(Object.keys(NODE_TYPES).sort());
  });

  it.each(['stock', 'tuned'])('are all of what %s computes', (id) => {
    const engine = cnnTfjs.engines?.find((candidate) => candidate.id === id) as Engine;
    for (const [, recording] of RECORDINGS) {
      expect(engine.supports(networkOf(recording))).toBe(true);
    }
  });
});
