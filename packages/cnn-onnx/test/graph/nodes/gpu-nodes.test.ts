import { describe, expect, it } from '@jest/globals';
import { openGraphDevice, probeGraphDevice } from '../../../src/graph/devices/open-graph-device';
import { readFixture } from '../../fixtures/read-fixture';
import { relativeError } from '../../relative-error';
import { runNodesOnDevice } from './device-run';
import { inferNodes, type NodeCheck, type NodeResults, ROUNDING, runNodes } from './node-check';

type Tensors = Readonly<Record<string, readonly number[]>>;

interface RecordedNodes extends NodeCheck {
  readonly values: Tensors;
  readonly upstream: readonly number[];
  readonly inference: readonly number[];
  readonly output: readonly number[];
  readonly gradients: Tensors;
  readonly nextState: Tensors;
}

const RECORDED = readFixture<RecordedNodes>('nodes').map(
  (recorded) => [JSON.stringify(recorded.nodes), recorded] as const,
);

function expectRecorded(actual: NodeResults, recorded: RecordedNodes): void {
  expectClose({ output: actual.output }, { output: recorded.output });
  expectClose(actual.gradients, recorded.gradients);
  expectClose(actual.nextState, recorded.nextState);
}

function expectClose(found: Readonly<Record<string, ArrayLike<number>>>, expected: Tensors): void {
  for (const [name, values] of Object.entries(expected)) {
    expect(relativeError(found[name] ?? [], values)).toBeLessThan(ROUNDING);
  }
}

/** The formulas, without the device. */
describe.each(['cuda', 'webgpu'] as const)('written for %s, on the CPU', (device) => {
  it.each(RECORDED)('%s', async (_, recorded) => {
    expectRecorded(await runNodes(recorded, device), recorded);
    const inferred = await inferNodes(recorded, recorded.values, device);
    expect(relativeError(inferred, recorded.inference)).toBeLessThan(ROUNDING);
  });
});

for (const id of ['cuda', 'webgpu'] as const) {
  const probe = await probeGraphDevice(id);
  if (probe.available) {
    const device = await openGraphDevice(id);
    describe(`on ${id}, by its kernels alone`, () => {
      it.each(RECORDED)('%s', (_, recorded) => {
        expectRecorded(runNodesOnDevice(device, recorded), recorded);
      });
    });
  } else {
    describe(`on ${id}`, () => {
      it.skip(`is not tried, as there is no device for it here: ${probe.reason}`, () => {});
    });
  }
}
