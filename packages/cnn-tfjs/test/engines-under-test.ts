import { describe, it } from '@jest/globals';
import { cnnTfjs } from '../src/index';

const probes = await cnnTfjs.probe();

/**
 * The engines that can run here. WebAssembly always can; native TensorFlow once `pnpm setup:tensorflow` has run, as it
 * has in CI, where `test:tfjs-core` fails without it; WebGPU where there is a GPU, or software that emulates one.
 */
export const ENGINES_UNDER_TEST: readonly string[] = probes
  .filter(({ available }) => available)
  .map(({ name }) => name);

/** Those on which thousands of steps take seconds: not a GPU that is emulated. */
export const FAST_ENGINES_UNDER_TEST: readonly string[] = probes
  .filter((probe) => probe.available && !probe.device.includes('software'))
  .map(({ name }) => name);

/** Whether native TensorFlow is there. */
export const HAS_NATIVE_TENSORFLOW = ENGINES_UNDER_TEST.includes('tuned');

/** A suite that is skipped, with the reason as its name, where there is no WebGPU. */
export function describeOnWebGpu(name: string, define: () => void): void {
  const probe = probes.find((candidate) => candidate.name === 'webgpu');
  if (probe?.available) describe(name, define);
  else
    describe(name, () =>
      it.skip(`not run, as there is no WebGPU here: ${probe?.reason}`, () => {}),
    );
}
