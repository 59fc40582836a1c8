import { median } from 'simple-statistics';
import type { TrialConditions } from '../results/bench-results';
import { readTreeMemory, type TreeMemory } from './process-memory';
import { readThrottledSeconds } from './throttled-time';
import { type GpuWatch, watchGpu } from './watch-gpu';

const SAMPLE_INTERVAL_MS = 200;

export interface ProcessWatch {
  /** Marks what follows as training, or as something else. */
  setTraining(isTraining: boolean): void;
  /** Ends the watch and says what was seen. */
  finish(): Omit<TrialConditions, 'noiseProbe'>;
}

/**
 * Samples the memory of the process `pid` and of those below it from outside, five times a second, so
 * that a framework which blocks its own event loop, or computes in another process, is seen too. Where
 * the system has no /proc every figure is null.
 */
export function watchProcess(
  pid: number | undefined,
  gpu: GpuWatch = watchGpu(),
  readThrottled: () => number | null = readThrottledSeconds,
): ProcessWatch {
  const samples: TreeMemory[] = [];
  const training: number[] = [];
  const throttledBefore = readThrottled();
  let isTraining = false;
  const timer = setInterval(() => {
    const sample = pid === undefined ? undefined : readTreeMemory(pid);
    if (!sample) return;
    samples.push(sample);
    if (isTraining) training.push(sample.rssBytes);
  }, SAMPLE_INTERVAL_MS);
  timer.unref();
  return {
    setTraining(value) {
      isTraining = value;
      gpu.setTraining(value);
    },
    finish() {
      clearInterval(timer);
      const seenGpu = gpu.finish();
      return {
        peakRssBytes: largest(samples.map(({ rssBytes }) => rssBytes)),
        steadyRssBytes: training.length === 0 ? null : median(training),
        swapBytes: largest(samples.map(({ swapBytes }) => swapBytes)),
        throttledSeconds: difference(throttledBefore, readThrottled()),
        gpuUtilization: seenGpu?.utilization ?? null,
        gpu: seenGpu,
      };
    },
  };
}

function largest(values: readonly number[]): number | null {
  return values.length === 0 ? null : Math.max(...values);
}

function difference(before: number | null, after: number | null): number | null {
  return before === null || after === null ? null : Math.max(0, after - before);
}
