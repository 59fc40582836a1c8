import type { Device } from '@dlcmp/contract';
import { describe, expect, it } from '@jest/globals';
import type { InferenceSession } from 'onnxruntime-node';
import { probeWebGpu } from '../../../src/runtime/webgpu/probe-webgpu';
import { readFixture } from '../../fixtures/read-fixture';
import { relativeError } from '../../relative-error';
import { inferNodes, type NodeCheck, ROUNDING, runNodes } from './node-check';

type Tensors = Readonly<Record<string, readonly number[]>>;

interface RecordedNodes extends NodeCheck {
  readonly values: Tensors;
  readonly upstream: readonly number[];
  readonly inference: readonly number[];
  readonly output: readonly number[];
  readonly gradients: Tensors;
  readonly nextState: Tensors;
}

const RECORDED = readFixture<RecordedNodes>('nodes');

/** No operator may be left to the CPU. */
const WEBGPU: InferenceSession.SessionOptions = {
  executionProviders: [{ name: 'webgpu', preferredLayout: 'NCHW' }],
  extra: { session: { disable_cpu_ep_fallback: '1' } },
  logSeverityLevel: 4,
};

/** Where graphs are written for one device and run by another's kernels: the formulas, without the device. */
const WAYS: [string, Device, InferenceSession.SessionOptions][] = [
  ['written for CUDA, on the CPU', 'cuda', {}],
  ['written for WebGPU, on the CPU', 'webgpu', {}],
];
if ((await probeWebGpu()).available)
  WAYS.push(['on WebGPU, and nothing on the CPU', 'webgpu', WEBGPU]);

describe.each(WAYS)('%s', (_, device, session) => {
  it.each(RECORDED.map((recorded) => [JSON.stringify(recorded.nodes), recorded] as const))(
    '%s',
    async (_nodes, recorded) => {
      const actual = await runNodes(recorded, device, session);
      const worst = (found: Readonly<Record<string, ArrayLike<number>>>, expected: Tensors) =>
        Math.max(
          0,
          ...Object.entries(expected).map(([name, values]) =>
            relativeError(found[name] ?? [], values),
          ),
        );
      expect(relativeError(actual.output, recorded.output)).toBeLessThan(ROUNDING);
      expect(worst(actual.gradients, recorded.gradients)).toBeLessThan(ROUNDING);
      expect(worst(actual.nextState, recorded.nextState)).toBeLessThan(ROUNDING);
      const inferred = await inferNodes(recorded, recorded.values, device, session);
      expect(relativeError(inferred, recorded.inference)).toBeLessThan(ROUNDING);
    },
  );
});
