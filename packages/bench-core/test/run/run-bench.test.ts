import { mkdtempSync, writeFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { collectWarnings } from '../../src/metrics/warnings';
import type {
  CompletedTrial,
  EpochMeasurement,
  TrialMeasurements,
  TrialResult,
} from '../../src/results/bench-results';
import { readResults } from '../../src/results/results-file';
import type { ServerMeasurement } from '../../src/results/server-result';
import type { SoakMeasurement } from '../../src/results/soak-result';
import type { BenchPlan, SelectedAdapter } from '../../src/run/bench-plan';
import type { Job } from '../../src/run/process-messages';
import { assertResumable } from '../../src/run/resume';
import { runBench } from '../../src/run/run-bench';
import type { RunInProcess } from '../../src/run/run-in-process';
import { exampleResults } from '../results/example-results';
import { fakePlan, fakeRun, measurements } from './fake-run';

let directory: string;

const pixelsDirectory = mkdtempSync(join(tmpdir(), 'dlcmp-pixels-'));
const pixelsPath = join(pixelsDirectory, 'pixels');
writeFileSync(pixelsPath, new Uint8Array(8 * 8 * 8 * 3));

afterAll(() => rm(pixelsDirectory, { recursive: true }));

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'dlcmp-bench-'));
});

afterEach(() => rm(directory, { recursive: true }));

const machine = exampleResults.machine;

function plan(ids: readonly string[], seeds?: readonly number[]): BenchPlan {
  return fakePlan(ids, directory, pixelsPath, seeds);
}

const growth = { perUnit: 0.5, low: -1, high: 2 };
const samples = [{ at: 2600, rssBytes: 1e8, heapUsedBytes: 1e7, externalBytes: 1e6 }];
const memory = {
  samples,
  growth: { rssBytes: growth, heapUsedBytes: growth, externalBytes: growth },
};
const soak: SoakMeasurement = {
  ...{ requests: 5000, batchSizes: [1, 4], seconds: 9 },
  ...{ serving: memory, reloading: memory },
};

function isComparable(trial: TrialResult): boolean | undefined {
  return trial.status === 'completed' ? trial.comparable : undefined;
}

describe('runBench', () => {
  it('writes results.json after every trial', async () => {
    const counts: number[] = [];
    const { run } = fakeRun();
    await runBench(plan(['a', 'b']), {
      machine,
      run: (async (job: Job, options: never) => {
        if (job.kind === 'trial') counts.push((await readResults(directory)).trials.length);
        return run(job, options);
      }) as unknown as RunInProcess,
    });
    counts.push((await readResults(directory)).trials.length);
    expect(counts).toEqual([0, 1, 2]);
  });

  it('records a trial that failed and goes on', async () => {
    const { run } = fakeRun({ failing: 'a' });
    const { trials } = await runBench(plan(['a', 'b']), { machine, run });
    const byAdapter = Object.fromEntries(trials.map((trial) => [trial.adapter, trial]));
    expect(byAdapter.a).toMatchObject({ status: 'failed', error: { code: 'CRASHED' } });
    expect(byAdapter.b).toMatchObject({ status: 'completed' });
  });

  it.each<[string, Partial<TrialMeasurements>, RegExp]>([
    ['a time that is no number', { trainSeconds: Number.NaN }, /trainSeconds/],
    ['a loss without bound', { logLoss: Number.POSITIVE_INFINITY }, /logLoss/],
    [
      'an epoch without a loss',
      { epochs: [{ ...measurements.epochs[0], trainLoss: Number.NaN } as EpochMeasurement] },
      /epochs\.0\.trainLoss/,
    ],
  ])(
    'records a trial that measured %s as failed, naming it, and goes on',
    async (_, broken, name) => {
      const { run } = fakeRun({ measured: { a: broken } });
      const { trials } = await runBench(plan(['a', 'b']), { machine, run });
      const byAdapter = Object.fromEntries(trials.map((trial) => [trial.adapter, trial]));
      expect(byAdapter.b).toMatchObject({ status: 'completed' });
      expect(byAdapter.a).toMatchObject({
        status: 'failed',
        error: { code: 'INVALID_RESULT', message: expect.stringMatching(name) },
      });
      expect((await readResults(directory)).trials).toHaveLength(2);
    },
  );

  it('puts servers of each saved model under load where it is asked to, a peer left out', async () => {
    const load = { requests: 10, unanswered: 0, p50Ms: 1, p95Ms: 2, p99Ms: null };
    const eventLoop = { p50Ms: 1, p99Ms: 2, maxMs: 3 };
    const row = { row: 'serving', way: 'http', closedLoop: [], highestRate: null } as const;
    const sweep = [{ ...load, eventLoop, rate: 20 }];
    const rows = [{ ...row, sweep, atSeventyPercent: null }];
    const result: ServerMeasurement = { boundMs: 150, secondsPerLoad: 4, rows };
    const { run, jobs } = fakeRun({ server: { totalSeconds: 9, answer: { result } } });
    const { configuration, adapters, ...rest } = plan(['a', 'b']);
    const [first, second] = adapters as [SelectedAdapter, SelectedAdapter];
    const reference = { ...second.reference, factory: 'createPeerAdapter' };
    const served: BenchPlan = {
      ...rest,
      adapters: [first, { ...second, reference }],
      configuration: { ...configuration, scenarios: ['server'], serverBoundMs: 150 },
      serving: { moduleUrl: 'file:///serving.mjs', files: ['/a.jpg'] },
    };
    await runBench(served, { machine, run });
    const asked = jobs.filter((job) => job.kind === 'server');
    expect(asked).toHaveLength(1);
    expect(asked[0]?.plan).toMatchObject({
      model: { path: expect.stringContaining('models'), adapter: first.reference.moduleUrl },
      ...{ boundMs: 150, files: ['/a.jpg'], rows: ['naive', 'serving'], seed: 1 },
    });
    const kept = (await readResults(directory)).trials as readonly CompletedTrial[];
    const byAdapter = Object.fromEntries(kept.map((trial) => [trial.adapter, trial.server]));
    expect(byAdapter.a).toEqual({ status: 'completed', ...result });
    expect(byAdapter.b).toMatchObject({ status: 'failed', error: { code: 'BACKEND_UNAVAILABLE' } });
  });

  it('soaks the saved model of each trial where it is asked to, and keeps what it finds', async () => {
    const { run, jobs } = fakeRun({ soak: { totalSeconds: 9, answer: { result: soak } } });
    const { configuration, ...rest } = plan(['a']);
    const scenarios = ['soak'] as const;
    const soaking = { ...rest, configuration: { ...configuration, scenarios, soakRequests: 5000 } };
    const told: string[] = [];
    await runBench(soaking, { machine, run, onEvent: ({ type }) => told.push(type) });
    const [trial] = (await readResults(directory)).trials as CompletedTrial[];
    expect(trial!.soak).toEqual({ status: 'completed', ...soak });
    expect(trial!.totalSeconds).toBe(2);
    const job = jobs.find(({ kind }) => kind === 'soak');
    const model = jobs.find((each) => each.kind === 'trial')!.plan.modelDirectory;
    expect(job).toMatchObject({ plan: { requests: 5000, modelDirectory: model } });
    expect(told.slice(-2)).toEqual(['scenario-started', 'trial-finished']);
  });

  it('records a soak that failed; the trial is none the worse for it', async () => {
    const { configuration, ...rest } = plan(['a']);
    const soaking = { ...rest, configuration: { ...configuration, scenarios: ['soak' as const] } };
    const { trials } = await runBench(soaking, { machine, run: fakeRun().run });
    expect(trials[0]).toMatchObject({
      status: 'completed',
      soak: { status: 'failed', error: { code: 'CRASHED' } },
    });
  });

  it('goes on with the scenarios that an interruption left out, and trains nothing again', async () => {
    const { configuration, ...rest } = plan(['a']);
    const scenarios = ['soak', 'server'] as const;
    const soaking = { ...rest, configuration: { ...configuration, scenarios } };
    const interruption = { code: 'ABORTED', message: 'stopped', stderrTail: '' };
    const answer = { error: { ...interruption, exitCode: null, signal: null } };
    const { run: stopped } = fakeRun({ soak: { totalSeconds: 1, answer } });
    const controller = new AbortController();
    const onEvent = ({ type }: { type: string }) => {
      if (type === 'scenario-started') controller.abort();
    };
    const options = { machine, signal: controller.signal, onEvent };
    const earlier = await runBench(soaking, { ...options, run: stopped });
    expect(collectWarnings(earlier).map(({ id }) => id)).toContain('scenarios-not-run');
    const { run, jobs } = fakeRun({ soak: { totalSeconds: 9, answer: { result: soak } } });
    const resumed = await runBench(soaking, { machine, run, earlier });
    expect(jobs.map(({ kind }) => kind)).toEqual(['gate', 'reference', 'soak']);
    expect(resumed.trials).toHaveLength(1);
    expect(resumed.trials[0]).toMatchObject({
      soak: { status: 'completed', ...soak },
      server: { status: 'failed', error: { code: 'BACKEND_UNAVAILABLE' } },
    });
    const third = fakeRun();
    await runBench(soaking, { machine, run: third.run, earlier: resumed });
    expect(third.jobs.map(({ kind }) => kind)).toEqual(['gate', 'reference']);
  });

  it('starts the saved model in twenty new processes after one that leaves its files in the cache', async () => {
    const asked: number[] = [];
    const { run } = fakeRun({
      coldStart: (requests) => {
        const seconds = asked.push(requests);
        const parts = { importSeconds: seconds, loadSeconds: 1, firstAnswerSeconds: 0.5 };
        const memory = { atRestBytes: 1e8, afterFirstBytes: 2e8, afterRequestsBytes: 3e8 };
        return { totalSeconds: 9, answer: { result: { ...parts, ...memory } } };
      },
    });
    const { configuration, ...rest } = plan(['a']);
    const scenarios = ['deployment'] as const;
    // The second seed's model is as large and starts as fast.
    const asking = { ...rest, configuration: { ...configuration, scenarios, seeds: [1, 2] } };
    await runBench(asking, { machine, run });
    expect(asked).toEqual([1000, ...Array.from({ length: 20 }, () => 1)]);
    const [trial, second] = (await readResults(directory)).trials as CompletedTrial[];
    expect(second!.deployment).toBeUndefined();
    // The first took a second and is not counted: imports of 2 to 21 s are.
    expect(trial!.deployment).toMatchObject({
      status: 'completed',
      coldStart: { processes: 20, totalSeconds: { median: 13, low: 8.5, high: 17.5 } },
      memory: { atRestBytes: 1e8, afterFirstBytes: 2e8, requests: 1000, afterRequestsBytes: 3e8 },
    });
  });

  it('leaves out of the total time what no script would measure', async () => {
    const phases = { ...measurements.phases, scenarioSeconds: 0.75 };
    const { run } = fakeRun({ measured: { a: { phases } } });
    const { trials } = await runBench(plan(['a', 'b']), { machine, run });
    const totals = trials.map(({ adapter, totalSeconds }) => [adapter, totalSeconds]);
    expect(Object.fromEntries(totals)).toEqual({ a: 2 - 0.75, b: 2 });
  });

  it('says when each trial began', async () => {
    const { run } = fakeRun();
    const before = Date.now();
    const { startedAt, trials } = await runBench(plan(['a', 'b']), { machine, run });
    const times = [startedAt, ...trials.map((trial) => trial.startedAt as string)].map(Date.parse);
    expect(times).toEqual([...times].sort((a, b) => a - b));
    expect(times[0]).toBeGreaterThanOrEqual(before);
    expect(times[2]).toBeLessThanOrEqual(Date.now());
  });

  it('passes the gate when all CNNs compute the same', async () => {
    const { run } = fakeRun();
    const { parityGate, trials } = await runBench(plan(['a', 'b', 'c']), { machine, run });
    expect(parityGate.status).toBe('passed');
    expect(parityGate.contenders?.map(({ passed }) => passed)).toEqual([true, true, true]);
    expect(trials.map(isComparable)).toEqual([true, true, true]);
  });

  it('fails the one that differs, by name and figure, and its trials are not comparable', async () => {
    const { run } = fakeRun({ losses: { b: 1.01 } });
    const { parityGate, trials } = await runBench(plan(['a', 'b', 'c']), { machine, run });
    expect(parityGate).toMatchObject({
      status: 'failed',
      reason: expect.stringMatching(
        /^Not comparable: b:cpu fails \d of \d checks, first-step with 0\.00\d+ where 0\.00001 is the limit/,
      ),
    });
    expect(parityGate.contenders?.map(({ passed }) => passed)).toEqual([true, false, true]);
    const refused = trials.filter((trial) => isComparable(trial) === false);
    expect(refused.map(({ adapter }) => adapter)).toEqual(['b']);
  });

  it('fails the gate on a loss that is no number, and can still be written', async () => {
    const { run } = fakeRun({ losses: { b: Number.NaN } });
    const { parityGate } = await runBench(plan(['a', 'b', 'c']), { machine, run });
    expect(parityGate.status).toBe('failed');
    const [, written] = (await readResults(directory)).parityGate.contenders ?? [];
    expect(written?.checks.find(({ id }) => id === 'first-step')?.figure).toBeNull();
  });

  it('asks the reference for more where two disagree', async () => {
    const { run, jobs } = fakeRun({ losses: { b: 1.01 } });
    await runBench(plan(['a', 'b']), { machine, run });
    const seconds = jobs.flatMap((job) => (job.kind === 'reference' ? [job.seconds] : []));
    expect(seconds).toEqual([10, 90]);
  });

  it('has a single CNN go through the gate as well', async () => {
    const { run, jobs } = fakeRun();
    await runBench(plan(['a']), { machine, run });
    expect(jobs.map(({ kind }) => kind)).toEqual(['gate', 'reference', 'trial']);
  });

  it('has the gate train as the trials do, with fewer images and epochs', async () => {
    const { run, jobs } = fakeRun();
    await runBench(plan(['a']), { machine, run });
    const [gate, , trial] = jobs;
    if (gate?.kind !== 'gate' || trial?.kind !== 'trial') throw new Error('There was no gate.');
    expect(gate.gate.spec).toEqual(trial.plan.spec);
    expect(gate.gate.training).toEqual({ ...trial.plan.training, epochs: expect.any(Number) });
    expect(gate.gate.threads).toBe(trial.plan.threads);
  });

  it('gives all the same training in the parity track', async () => {
    const { run, jobs } = fakeRun();
    await runBench(plan(['a', 'b']), { machine, run });
    const plans = jobs.filter((job) => job.kind === 'trial').map((job) => job.plan.training);
    expect(plans[0]).toEqual(plans[1]);
    expect(plans[0]).toMatchObject({ epsilon: 1e-8, augmentation: 'horizontal-flip' });
  });

  it('gives each framework its own settings in the defaults track', async () => {
    const { run, jobs } = fakeRun();
    const own = plan(['a']);
    const configuration = { ...own.configuration, track: 'defaults' as const };
    await runBench({ ...own, configuration }, { machine, run });
    const [job] = jobs.filter(({ kind }) => kind === 'trial');
    if (job?.kind !== 'trial') throw new Error('There was no trial.');
    expect(job.plan.training).toMatchObject({ epsilon: 1e-7, augmentation: 'none' });
    expect(job.plan.spec.initializer).toBe('glorot-uniform');
  });

  it('stops at an abort and keeps what is done', async () => {
    const { run } = fakeRun();
    const controller = new AbortController();
    const results = await runBench(plan(['a', 'b', 'c']), {
      machine,
      run,
      signal: controller.signal,
      onEvent: (event) => {
        if (event.type === 'trial-finished') controller.abort();
      },
    });
    expect(results.trials).toHaveLength(1);
  });

  it('goes on after the trials that an earlier run completed', async () => {
    const first = await runBench(plan(['a', 'b']), { machine, run: fakeRun({ failing: 'b' }).run });
    const { run, jobs } = fakeRun();
    const results = await runBench(plan(['a', 'b']), { machine, run, earlier: first });
    expect(jobs.filter(({ kind }) => kind === 'trial')).toHaveLength(1);
    expect(results.trials.map(({ status }) => status)).toEqual(['completed', 'completed']);
    expect(results.startedAt).toBe(first.startedAt);
  });
});

describe('a study that is extended', () => {
  const noTrial = { machine, run: fakeRun().run };

  it.each([
    ['seeds', plan(['a', 'b'], [1]), plan(['a', 'b'], [1, 2, 3]), 4],
    ['contenders', plan(['a', 'c'], [1, 2]), plan(['a', 'b', 'c'], [1, 2]), 2],
    ['repeats', plan(['a', 'b'], [1]), withRepeats(plan(['a', 'b'], [1]), 3), 4],
  ])(
    'by %s runs what is missing alone, and ends as an unbroken one',
    async (_, small, large, missing) => {
      const inFolder = (each: BenchPlan) => ({ ...each, outputDirectory: directory });
      const earlier = await runBench(inFolder(small), noTrial);
      expect(() => assertResumable(large, earlier)).not.toThrow();
      const { run, jobs } = fakeRun();
      const { trials } = await runBench(inFolder(large), { machine, run, earlier });
      expect(jobs.filter(({ kind }) => kind === 'trial')).toHaveLength(missing);
      const unbroken = await runBench(inFolder(large), noTrial);
      const names = (of: typeof trials) =>
        of.map(({ adapter, seed, repeat }) => [adapter, seed, repeat]);
      expect(names(trials)).toEqual(names(unbroken.trials));
      const folders = jobs.flatMap((job) =>
        job.kind === 'trial' ? [job.plan.modelDirectory] : [],
      );
      expect(new Set(folders).size).toBe(missing);
    },
  );
});

function withRepeats(of: BenchPlan, repeats: number): BenchPlan {
  return { ...of, configuration: { ...of.configuration, repeats } };
}

describe('assertResumable', () => {
  it('accepts the same plan', () => {
    const same = plan(['cnn-fake']);
    expect(() => assertResumable(same, exampleResults)).not.toThrow();
  });

  it('names what changed', () => {
    const changed = plan(['cnn-fake'], [2]);
    expect(() => assertResumable(changed, exampleResults)).toThrow('seeds was [1] and is [2]');
    const configuration = { ...changed.configuration, seeds: [1], epochs: 99 };
    expect(() => assertResumable({ ...changed, configuration }, exampleResults)).toThrow(
      'and is 99',
    );
  });

  it('refuses other images', () => {
    const changed = plan(['cnn-fake']);
    const dataset = { ...changed.dataset, fingerprint: 'sha256:1' };
    expect(() => assertResumable({ ...changed, dataset }, exampleResults)).toThrow('images');
  });
});
