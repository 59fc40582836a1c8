import { fileURLToPath } from 'node:url';
import { expect, it } from '@jest/globals';
import { watchGpu } from '../../src/measure/watch-gpu';

const program = fileURLToPath(new URL('./fixtures/fake-nvidia-smi.mjs', import.meta.url));

const pause = (milliseconds: number) => new Promise((resolve) => setTimeout(resolve, milliseconds));

it('tells utilisation, memory and energy of the busiest GPU while training', async () => {
  const watch = watchGpu({ program });
  await pause(700);
  const start = performance.now();
  watch.setTraining(true);
  await pause(1000);
  watch.setTraining(false);
  const seconds = (performance.now() - start) / 1000;
  await pause(200);
  const seen = watch.finish()!;
  expect(seen.name).toBe('NVIDIA Test GPU B');
  expect(seen.utilization).toBeCloseTo(0.8);
  expect(seen.peakMemoryBytes).toBe(900 * 2 ** 20);
  // 300 W, give or take a sample at each end.
  expect(seen.trainEnergyJoules! / 300).toBeGreaterThan(seconds - 0.3);
  expect(seen.trainEnergyJoules! / 300).toBeLessThan(seconds + 0.3);
});

it('knows no utilisation and no energy of a GPU that was never watched while training', async () => {
  const watch = watchGpu({ program });
  await pause(700);
  expect(watch.finish()).toMatchObject({ utilization: null, trainEnergyJoules: null });
});

it.each([
  ['there is no such program', 'no-such-nvidia-smi'],
  ['the program fails', '/bin/false'],
  ['it says something else', '/bin/echo'],
])('is unavailable, never 0, where %s', async (_what, missing) => {
  const watch = watchGpu({ program: missing });
  watch.setTraining(true);
  await pause(200);
  expect(watch.finish()).toBeNull();
});
