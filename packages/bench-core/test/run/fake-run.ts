import { basename } from 'node:path';
import type { Adapter } from '@dlcmp/contract';
import type { ColdStartSample } from '../../src/measure/cold-start/measure-cold-start';
import type { GateOutcome } from '../../src/parity/gate/gate-outcome';
import type { GatePlan } from '../../src/parity/gate/gate-plan';
import type { TrialMeasurements } from '../../src/results/bench-results';
import type { ServerMeasurement } from '../../src/results/server-result';
import type { SoakMeasurement } from '../../src/results/soak-result';
import type { BenchPlan } from '../../src/run/bench-plan';
import type { Job } from '../../src/run/process-messages';
import type { ProcessOutcome, RunInProcess } from '../../src/run/run-in-process';
import { completedTrial, exampleResults } from '../results/example-results';

/** Of CNNs with these ids; {@link fakeRun} answers for them. */
export function fakePlan(
  ids: readonly string[],
  outputDirectory: string,
  pixelsPath: string,
  seeds: readonly number[] = [1],
): BenchPlan {
  const images = {
    size: { inputHeight: 8, inputWidth: 8 },
    train: { pixelsPath, labels: new Int32Array(8), count: 8 },
    test: { pixelsPath, labels: new Int32Array(4), count: 4 },
  };
  return {
    configuration: { ...exampleResults.configuration, seeds },
    adapters: ids.map((id) => ({
      adapter: {
        id,
        displayName: id,
        family: 'cnn',
        frameworkDefaults: {
          initializer: 'glorot-uniform',
          adamEpsilon: 1e-7,
          augmentation: 'none',
        },
      } as Adapter,
      backend: 'cpu',
      title: id,
      contender: `${id}:cpu`,
      reference: { moduleUrl: `file:///${id}.mjs`, factory: 'create' },
    })),
    dataset: exampleResults.dataset,
    images: { cnn: images },
    outputDirectory,
  };
}

const { totalSeconds: _total, ...measured } = completedTrial;

/** What a trial's process answers. */
export const measurements = measured;

/** Of a gate that has `loss` at every step. */
function outcome(loss: number, { training, batchSize, trainCount }: GatePlan): GateOutcome {
  const { epochs = 1 } = training;
  const stepsPerEpoch = Math.ceil(trainCount / batchSize);
  const total = epochs * stepsPerEpoch;
  const steps = Array.from({ length: total }, (_, at) => ({
    ...{ completed: at + 1, total, epoch: 1 + Math.floor(at / stepsPerEpoch), loss },
    images: Math.min(batchSize, trainCount - (at % stepsPerEpoch) * batchSize),
  }));
  const epochLosses = Array.from({ length: epochs }, () => loss);
  return {
    initialWeights: {},
    fits: { timed: { steps, epochLosses, changes: {}, rateSum: 1e-3 * total } },
  };
}

function failed(code: string) {
  const error = { code, message: 'gone', exitCode: 1, signal: null, stderrTail: '' };
  return { totalSeconds: 1, answer: { error } };
}

/** Answers jobs without a process; `answers` says how trials of an adapter end. */
export function fakeRun(
  options: {
    losses?: Record<string, number>;
    failing?: string;
    measured?: Record<string, Partial<TrialMeasurements>>;
    /** What a new process that is asked so often ends with. Default: it crashes. */
    coldStart?: (requests: number) => ProcessOutcome<ColdStartSample>;
    /** What a soak's process ends with. Default: it crashes. */
    soak?: ProcessOutcome<SoakMeasurement>;
    server?: ProcessOutcome<ServerMeasurement>;
  } = {},
) {
  const jobs: Job[] = [];
  const run = (async (job: Job) => {
    jobs.push(job);
    if (job.kind === 'reference') return failed('SLOW');
    if (job.kind === 'server') return options.server ?? failed('CRASHED');
    const id = basename(job.adapter.moduleUrl, '.mjs');
    if (job.kind === 'gate') {
      const result = outcome(options.losses?.[id] ?? 1, job.gate);
      return { totalSeconds: 1, answer: { result } };
    }
    if (job.kind === 'cold-start')
      return options.coldStart?.(job.plan.requests) ?? failed('CRASHED');
    if (job.kind === 'soak') return options.soak ?? failed('CRASHED');
    if (id === options.failing) return failed('CRASHED');
    const result = { ...measurements, ...options.measured?.[id] } as TrialMeasurements;
    return { totalSeconds: 2, answer: { result } };
  }) as unknown as RunInProcess;
  return { run, jobs };
}
