/**
 * The program of a trial's own process: takes one job from its parent, answers it, and ends.
 */
import {
  type Adapter,
  DlcmpError,
  isDlcmpError,
  openPixelFile,
  type TrainingImages,
} from '@dlcmp/contract';
import { monotonicClock } from '../measure/clock';
import { measureTrial } from '../measure/measure-trial';
import { readResourceUsage } from '../measure/resource-usage';
import { watchEnergy } from '../measure/watch-energy';
import { replayTrajectory } from '../parity/replay-trajectory';
import type { TrajectoryOutcome } from '../parity/trajectory';
import type { TrialMeasurements } from '../results/bench-results';
import { loadAdapter } from './adapter-reference';
import { readImageFile } from './image-file';
import { endWithParent } from './parent-watch';
import type { ChildMessage, Job, ParentMessage, ParityJob, TrialJob } from './process-messages';

const abortController = new AbortController();

// The parent decides when a trial ends; Ctrl-C in a terminal reaches the whole process group.
process.on('SIGINT', () => {});
process.on('SIGTERM', () => {});
process.on('disconnect', () => process.exit(1));
endWithParent(process.ppid);

process.on('message', (message: ParentMessage) => {
  if (message.type === 'abort') abortController.abort();
  else void answer(message.job);
});

async function answer(job: Job): Promise<void> {
  try {
    const result = await (job.kind === 'trial' ? runTrial(job) : runParity(job));
    end({ type: 'result', result });
  } catch (error) {
    const code = isDlcmpError(error) ? error.code : 'UNKNOWN';
    const message = error instanceof Error ? error.message : String(error);
    if (error instanceof Error && code === 'UNKNOWN') process.stderr.write(`${error.stack}\n`);
    end({ type: 'error', code, message });
  }
}

function runTrial(job: TrialJob): Promise<TrialMeasurements> {
  return measureTrial(job.plan, {
    loadAdapter: () => loadAdapter(job.adapter),
    readImages: async (family) => ({
      train: await readTraining(job, family),
      test: await readImageFile(job.test, job.plan.spec),
    }),
    clock: monotonicClock,
    readResourceUsage,
    startEnergyWatch: watchEnergy,
    signal: abortController.signal,
    onPhase: (phase) => send({ type: 'phase', phase }),
    onProgress: (progress) => send({ type: 'progress', progress }),
    onEpoch: (epoch) => send({ type: 'epoch', epoch }),
  });
}

/** A network's batches come from the file, so that memory does not grow with the images; a forest looks at all at once. */
async function readTraining(
  { train, plan }: TrialJob,
  family: Adapter['family'],
): Promise<TrainingImages> {
  if (family === 'forest') return readImageFile(train, plan.spec);
  const pixels = openPixelFile(train.pixelsPath, train.count, plan.spec);
  return { pixels, labels: train.labels, count: train.count };
}

async function runParity(job: ParityJob): Promise<TrajectoryOutcome> {
  const adapter = await loadAdapter(job.adapter);
  if (adapter.family !== 'cnn') {
    throw new DlcmpError(
      'INVALID_ARGUMENT',
      `${adapter.id} is no CNN; it has no trajectory. Choose a CNN.`,
    );
  }
  return replayTrajectory(adapter, job.trajectory, job);
}

function send(message: ChildMessage): void {
  process.send?.(message);
}

/** Sends the answer, and leaves once it is on its way, whatever threads a framework keeps. */
function end(message: ChildMessage): void {
  process.send?.(message, () => process.stderr.write('', () => process.exit(0)));
}
