import { describe, expect, it } from '@jest/globals';
import { collectWarnings } from '../../src/metrics/warnings';
import type {
  BenchResults,
  CompletedTrial,
  TrialConditions,
} from '../../src/results/bench-results';
import type { SoakMeasurement } from '../../src/results/soak-result';
import { completedTrial, exampleResults } from '../results/example-results';

const quiet: TrialConditions = {
  peakRssBytes: 1e8,
  steadyRssBytes: 9e7,
  swapBytes: 0,
  throttledSeconds: 0,
  gpuUtilization: null,
  noiseProbe: { beforeSeconds: 0.05, afterSeconds: 0.052 },
};

/** Three seeds on real images, with nothing wrong. */
const sound: BenchResults = {
  ...exampleResults,
  configuration: { ...exampleResults.configuration, seeds: [1, 2, 3] },
  dataset: { ...exampleResults.dataset, synthetic: false },
  trials: [1, 2, 3].map((seed) => ({ ...completedTrial, seed, conditions: quiet })),
};

function withTimes(...times: readonly number[]): BenchResults {
  const trials = times.map((trainSeconds, index) => ({
    ...completedTrial,
    seed: index + 1,
    trainSeconds,
  }));
  return { ...sound, trials };
}

function withConditions(changes: Partial<TrialConditions>): BenchResults {
  const trials = sound.trials.map((trial, index) =>
    index === 1 ? { ...trial, conditions: { ...quiet, ...changes } } : trial,
  );
  return { ...sound, trials };
}

const failed = {
  adapter: 'cnn-fake',
  displayName: 'Fake (CNN)',
  backend: 'cpu',
  seed: 4,
  totalSeconds: 1,
  status: 'failed' as const,
  error: { code: 'CRASHED', message: 'gone', exitCode: 1, signal: null, stderrTail: '' },
};

/** A soak whose resident memory grows a request by `perUnit` bytes. */
function soaked(low: number, perUnit: number, high: number): SoakMeasurement {
  const none = { perUnit: 0, low: -1, high: 1 };
  const growth = { rssBytes: none, heapUsedBytes: none, externalBytes: none };
  return {
    ...{ requests: 5000, batchSizes: [1], seconds: 1 },
    serving: { samples: [], growth: { ...growth, rssBytes: { low, perUnit, high } } },
    reloading: { samples: [], growth },
  };
}

function withSoak(soak: CompletedTrial['soak']): BenchResults {
  const trials = sound.trials.map((trial) => ({ ...(trial as CompletedTrial), soak }));
  return { ...sound, trials };
}

describe('collectWarnings', () => {
  it('has nothing to say about sound results', () => {
    expect(collectWarnings(sound)).toEqual([]);
  });

  it.each<[string, BenchResults]>([
    [
      'parity-gate-failed',
      { ...sound, parityGate: { status: 'failed', reason: 'Losses differ.' } },
    ],
    ['synthetic-data', { ...sound, dataset: exampleResults.dataset }],
    ['too-few-seeds', { ...sound, configuration: { ...sound.configuration, seeds: [1, 2] } }],
    ['wide-interval', withTimes(10, 12, 15)],
    ['busy-machine', withConditions({ noiseProbe: { beforeSeconds: 0.04, afterSeconds: 0.05 } })],
    ['threads-above-cores', { ...sound, machine: { ...sound.machine, coresAllowed: 1 } }],
    ['throttled', withConditions({ throttledSeconds: 3 })],
    ['swapping', withConditions({ swapBytes: 4096 })],
    ['growing-memory', withSoak({ status: 'completed', ...soaked(1000, 1020, 1040) })],
    [
      'scenarios-not-run',
      { ...sound, configuration: { ...sound.configuration, scenarios: ['soak'] } },
    ],
    ['failed-scenario', withSoak({ status: 'failed', error: failed.error })],
    ['missing-trials', { ...sound, trials: [...sound.trials, failed] }],
  ])('says %s, and nothing else, with advice', (id, results) => {
    const warnings = collectWarnings(results);
    expect(warnings.map((warning) => warning.id)).toEqual([id]);
    expect(warnings[0]!.message).not.toBe('');
    expect(warnings[0]!.advice).not.toBe('');
  });

  it('advises no memory after an interruption: the same command with --resume goes on', () => {
    const error = { ...failed.error, code: 'ABORTED' };
    const { trials } = withSoak({ status: 'failed', error });
    const configuration = { ...sound.configuration, scenarios: ['soak'] as const };
    const [warning, ...others] = collectWarnings({ ...sound, configuration, trials });
    expect(others).toEqual([]);
    expect(warning).toMatchObject({
      id: 'scenarios-not-run',
      message: expect.stringMatching(/was interrupted before .*, seed 1: soak/),
      advice: expect.stringContaining('--resume'),
    });
  });

  it('says by how much memory grew, and nothing of growth that chance explains', () => {
    const [warning] = collectWarnings(
      withSoak({ status: 'completed', ...soaked(1000, 1020, 1040) }),
    );
    expect(warning!.message).toContain(
      'resident memory grew by 1,020 bytes a request (99% interval 1,000 to 1,040)',
    );
    const flat = withSoak({ status: 'completed', ...soaked(-20, 10, 40) });
    expect(collectWarnings(flat)).toEqual([]);
  });

  it('says unequal-machines where one contender ran on another machine', () => {
    const two = (machineOf: (adapter: string, seed: number) => string) =>
      ['cnn-fake', 'cnn-other'].flatMap((adapter) =>
        [1, 2, 3].map((seed) => ({
          ...{ ...completedTrial, adapter, seed, conditions: quiet },
          machine: machineOf(adapter, seed),
        })),
      );
    const adapters = ['cnn-fake', 'cnn-other'].map((adapter) => ({ adapter, backend: 'cpu' }));
    const configuration = { ...sound.configuration, adapters };
    const machines = ['a', 'b'].map((name) => ({ ...sound.machine, name }));
    const study = { ...sound, configuration, machines };
    const uneven = two((adapter, seed) => (adapter === 'cnn-other' && seed === 3 ? 'b' : 'a'));
    const warnings = collectWarnings({ ...study, trials: uneven });
    expect(warnings.map(({ id }) => id)).toEqual(['unequal-machines']);
    const even = two((_, seed) => (seed === 3 ? 'b' : 'a'));
    expect(collectWarnings({ ...study, trials: even })).toEqual([]);
  });

  it('knows that machines differ: what is usual is usual on one', () => {
    const trials = [1, 2, 3, 4].map((seed) => {
      const factor = seed > 2 ? 3 : 1;
      const noiseProbe = { beforeSeconds: 0.05 * factor, afterSeconds: 0.05 * factor };
      const trainSeconds = 10 * factor;
      const conditions = { ...quiet, noiseProbe };
      return { ...completedTrial, seed, trainSeconds, conditions, machine: `node${factor}` };
    });
    const configuration = { ...sound.configuration, seeds: [1, 2, 3, 4] };
    expect(collectWarnings({ ...sound, configuration, trials })).toEqual([]);
  });

  it('says which trials the machine was taken away from', () => {
    const noiseProbe = { beforeSeconds: 0.05, afterSeconds: 0.14 };
    const warnings = collectWarnings(withConditions({ noiseProbe }));
    expect(warnings.map(({ id }) => id)).toEqual(['disturbed-trials', 'busy-machine']);
    expect(warnings[0]!.message).toContain('Fake (CNN) on cpu');
  });

  it('is content with one seed that was run three times', () => {
    const configuration = { ...sound.configuration, seeds: [1], repeats: 3 };
    const trials = [1, 2, 3].map((repeat) => ({ ...completedTrial, repeat, conditions: quiet }));
    expect(collectWarnings({ ...sound, configuration, trials })).toEqual([]);
  });

  it('says slow-first-run where the first seed stands out', () => {
    const ids = collectWarnings(withTimes(20, 10, 10, 10)).map(({ id }) => id);
    expect(ids).toContain('slow-first-run');
    expect(collectWarnings(withTimes(10, 10, 20, 10)).map(({ id }) => id)).not.toContain(
      'slow-first-run',
    );
  });

  it('says exploded-loss where a CNN trained far above guessing, in an epoch or on the test images', () => {
    const guessing = Math.log(sound.dataset.classNames.length);
    const idsWith = (changes: Partial<CompletedTrial>) =>
      collectWarnings({
        ...sound,
        trials: sound.trials.map((trial) => ({ ...(trial as CompletedTrial), ...changes })),
      }).map(({ id }) => id);
    const epochOf = (trainLoss: number) => ({
      ...(completedTrial.epochs[0] as CompletedTrial['epochs'][0]),
      trainLoss,
    });
    expect(idsWith({ epochs: [epochOf(9 * guessing)], logLoss: 9 * guessing })).toEqual([]);
    expect(idsWith({ epochs: [epochOf(5e21), epochOf(1)] })).toEqual(['exploded-loss']);
    expect(idsWith({ logLoss: 11 * guessing })).toEqual(['exploded-loss']);
    expect(idsWith({ family: 'forest', logLoss: 30 })).toEqual([]);
  });

  it('says how high the loss rose, and what guessing has', () => {
    const epochs = [
      { ...(completedTrial.epochs[0] as CompletedTrial['epochs'][0]), trainLoss: 5e21 },
    ];
    const warning = collectWarnings({ ...sound, trials: [{ ...completedTrial, epochs }] }).find(
      ({ message }) => message.includes('unstable'),
    );
    const guessing = Math.log(sound.dataset.classNames.length).toFixed(2);
    expect(warning!.message).toBe(
      `Fake (CNN) on cpu: training was unstable: the loss rose to 5.0e+21, and guessing has ${guessing}.`,
    );
    expect(warning!.advice).toContain('--learning-rate');
  });

  it('names whom it befell', () => {
    const [warning] = collectWarnings(withConditions({ swapBytes: 4096 }));
    expect(warning!.message).toContain('Fake (CNN) on cpu');
  });
});
