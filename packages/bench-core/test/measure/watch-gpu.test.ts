import { fileURLToPath } from 'node:url';
import { expect, it } from '@jest/globals';
import { watchGpu } from '../../src/measure/watch-gpu';

const program = fileURLToPath(new URL('./fixtures/fake-nvidia-smi.mjs', import.meta.url));

const pause = (milliseconds: number) => new Promise((resolve) => setTimeout(resolve, milliseconds));

/**
 * A clock that is asked once for each line of the program, which tells of the idle GPU A and of the busy
 * GPU B by turns: half a second a line, whenever it comes. `atLine` begins and ends things between lines.
 */
function watchByLines(last: number, atLine: (line: number) => void = () => {}) {
  let line = 0;
  let end: () => void;
  const heard = new Promise<void>((resolve) => {
    end = resolve;
  });
  const clock = () => {
    line++;
    atLine(line);
    if (line === last) end();
    return line / 2;
  };
  return { watch: watchGpu({ program, clock }), heard };
}

it('tells utilisation, memory and energy of the busiest GPU while training', async () => {
  const { watch, heard } = watchByLines(30, (line) => {
    if (line === 9 || line === 21) watch.setTraining(line === 9);
  });
  await heard;
  // B has lines 10, 12 … 20 while training: six samples of 300 W, each a second after the one before.
  expect(watch.finish()).toEqual({
    name: 'NVIDIA Test GPU B',
    utilization: expect.closeTo(0.8, 10),
    peakMemoryBytes: 900 * 2 ** 20,
    trainEnergyJoules: expect.closeTo(6 * 300, 6),
  });
});

it('knows no utilisation and no energy of a GPU that was never watched while training', async () => {
  const { watch, heard } = watchByLines(4);
  await heard;
  expect(watch.finish()).toMatchObject({
    name: expect.stringContaining('NVIDIA Test GPU'),
    utilization: null,
    trainEnergyJoules: null,
  });
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
