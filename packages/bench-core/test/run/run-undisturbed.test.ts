import { describe, expect, it } from '@jest/globals';
import type { TrialResult } from '../../src/results/bench-results';
import { runUndisturbed } from '../../src/run/run-undisturbed';
import { completedTrial } from '../results/example-results';

function probed(afterSeconds: number, trainSeconds: number): TrialResult {
  const conditions = {
    ...{ peakRssBytes: 1, steadyRssBytes: 1, swapBytes: 0, throttledSeconds: 0 },
    gpuUtilization: null,
    noiseProbe: { beforeSeconds: 0.05, afterSeconds },
  };
  return { ...completedTrial, trainSeconds, conditions };
}

async function run(...results: readonly TrialResult[]) {
  const left = [...results];
  const repeated: TrialResult[] = [];
  const usual = [0.05, 0.051, 0.049, 0.05];
  const result = await runUndisturbed(
    async () => left.shift() as TrialResult,
    usual,
    (disturbed) => repeated.push(disturbed),
  );
  return { result, runs: results.length - left.length, repeated };
}

describe('runUndisturbed', () => {
  it('runs a trial once where the machine was left to it', async () => {
    const { result, runs, repeated } = await run(probed(0.06, 10));
    expect(runs).toBe(1);
    expect(repeated).toEqual([]);
    expect(result.attempts).toBeUndefined();
  });

  it('runs it once more where it was taken away, and takes the quieter one', async () => {
    const { result, repeated } = await run(probed(0.14, 30), probed(0.05, 10));
    expect(result).toMatchObject({ trainSeconds: 10, attempts: 2 });
    expect(repeated).toHaveLength(1);
    const other = await run(probed(0.07, 11), probed(0.14, 30));
    expect(other.result).toMatchObject({ trainSeconds: 11, attempts: 2 });
  });

  it('runs it once more where the clock outside disagrees, and believes it the second time', async () => {
    const clocked = (passed: boolean, trainSeconds: number): TrialResult => {
      const check = {
        id: 'outside-clock',
        proves: '',
        passed,
        figure: passed ? 0 : 0.7,
        limit: 0.1,
      };
      return { ...probed(0.05, trainSeconds), checks: [check] } as TrialResult;
    };
    const { result, runs } = await run(clocked(false, 11), clocked(true, 12));
    expect([runs, result]).toMatchObject([2, { trainSeconds: 12, attempts: 2 }]);
    const cheat = await run(clocked(false, 11), clocked(false, 12));
    expect(cheat.result).toMatchObject({ attempts: 2, checks: [{ passed: false }] });
  });

  it('keeps what there is where the second one does not complete', async () => {
    const error = { code: 'ABORTED', message: '', exitCode: 0, signal: null, stderrTail: '' };
    const aborted: TrialResult = { ...probed(0.05, 1), status: 'aborted', error };
    const { result } = await run(probed(0.14, 30), aborted);
    expect(result).toMatchObject({ status: 'completed', trainSeconds: 30, attempts: 2 });
  });
});
