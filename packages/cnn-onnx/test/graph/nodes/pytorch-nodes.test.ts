import { elementCount, NODE_TYPES } from '@dlcmp/contract';
import { describe, expect, it } from '@jest/globals';
import { readFixture } from '../../fixtures/read-fixture';
import { relativeError } from '../../relative-error';
import {
  inferNodes,
  type NodeCheck,
  ROUNDING,
  randomValues,
  resolvePart,
  runNodes,
} from './node-check';

type Tensors = Readonly<Record<string, readonly number[]>>;

interface RecordedNodes extends NodeCheck {
  readonly outputShape: readonly number[];
  readonly values: Tensors;
  readonly upstream: readonly number[];
  readonly inference: readonly number[];
  readonly output: readonly number[];
  readonly gradients: Tensors;
  readonly nextState: Tensors;
}

const RECORDED = readFixture<RecordedNodes>('nodes');

/** Relative errors by name; a name that one side lacks is an infinite one. */
function errors(actual: Readonly<Record<string, ArrayLike<number>>>, expected: Tensors) {
  const names = new Set([...Object.keys(actual), ...Object.keys(expected)]);
  return [...names].map((name) => relativeError(actual[name] ?? [], expected[name] ?? []));
}

describe.each(RECORDED.map((recorded) => [JSON.stringify(recorded.nodes), recorded] as const))(
  '%s',
  (_, recorded) => {
    it('trains as PyTorch does', async () => {
      expect(resolvePart(recorded).outputShape).toEqual(recorded.outputShape);
      const actual = await runNodes(recorded);
      expect(relativeError(actual.output, recorded.output)).toBeLessThan(ROUNDING);
      expect(Math.max(...errors(actual.gradients, recorded.gradients))).toBeLessThan(ROUNDING);
      expect(Math.max(0, ...errors(actual.nextState, recorded.nextState))).toBeLessThan(ROUNDING);
    });

    it('infers as PyTorch does', async () => {
      const actual = await inferNodes(recorded, recorded.values);
      expect(relativeError(actual, recorded.inference)).toBeLessThan(ROUNDING);
    });

    it('has the gradients of finite differences', async () => {
      const { inputShape } = recorded;
      const { weightShapes, stateShapes, outputShape } = resolvePart(recorded);
      const shapes = { input: [2, ...inputShape], ...weightShapes };
      const draw = (all: Readonly<Record<string, readonly number[]>>) =>
        Object.fromEntries(
          Object.entries(all).map(([name, shape]) => [name, randomValues(elementCount(shape))]),
        );
      const [values, state] = [draw(shapes), draw(stateShapes)];
      const upstream = randomValues(2 * elementCount(outputShape));
      const run = (changed: object) =>
        runNodes({ ...recorded, values: { ...values, ...state, ...changed }, upstream });
      const { gradients } = await run({});
      for (const [name, value] of Object.entries(values)) {
        const direction = randomValues(value.length);
        const moved = async (step: number) => {
          const at = value.map((v, i) => v + step * (direction[i] as number));
          return dot((await run({ [name]: at })).output, upstream);
        };
        const expected = ((await moved(STEP)) - (await moved(-STEP))) / (2 * STEP);
        const actual = dot(gradients[name] ?? [], direction);
        const size = Math.sqrt(dot(gradients[name] ?? [], gradients[name] ?? []));
        expect(Math.abs(actual - expected) / (size + 1)).toBeLessThan(0.01);
      }
    });
  },
);

/** Of float32 sums: smaller ones drown in their rounding. */
const STEP = 2 ** -11;

function dot(a: ArrayLike<number>, b: ArrayLike<number>): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += (a[i] as number) * (b[i] as number);
  return sum;
}

it('every type of node that learns without chance was recorded', () => {
  const recorded = new Set<string>(
    RECORDED.flatMap(({ nodes }) => nodes.map(({ type }) => type as string)),
  );
  expect([...recorded, 'dropout'].sort()).toEqual(Object.keys(NODE_TYPES).sort());
});

it('dropout leaves out what its mask says, and scales the rest', async () => {
  const mask = Uint8Array.of(1, 0, 1, 1, 0, 1, 0, 1);
  const input = randomValues(8);
  const upstream = randomValues(8);
  const check = {
    nodes: [{ type: 'dropout', name: 'x', rate: 0.2 }],
    inputShape: [2, 2, 1],
  } as const satisfies NodeCheck;
  const { output, gradients } = await runNodes({
    ...check,
    ...{ values: { input }, upstream, masks: { x: mask } },
  });
  const masked = (values: Float64Array) => values.map((value, i) => (value * (mask[i] ?? 0)) / 0.8);
  expect(relativeError(output, masked(input))).toBeLessThan(ROUNDING);
  expect(relativeError(gradients.input ?? [], masked(upstream))).toBeLessThan(ROUNDING);
  expect(await inferNodes(check, { input })).toEqual(Float32Array.from(input));
});
