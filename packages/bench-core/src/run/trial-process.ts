/**
 * The program of a trial's own process: takes one job from its parent, answers it, and ends.
 */
import { type Adapter, isDlcmpError, openPixelFile, type TrainingImages } from '@dlcmp/contract';
import { monotonicClock } from '../measure/clock';
import { measureTrial } from '../measure/measure-trial';
import { readResourceUsage } from '../measure/resource-usage';
import { measureServer } from '../measure/server/measure-server';
import { measureSoak } from '../measure/soak/measure-soak';
import { watchEnergy } from '../measure/watch-energy';
import { assertCnn, type GateImages, observeClassifier } from '../parity/gate/observe-classifier';
import { observeReference } from '../parity/gate/observe-reference';
import { replayTrajectory } from '../parity/replay-trajectory';
import type { TrajectoryOutcome } from '../parity/trajectory';
import type { TrialMeasurements } from '../results/bench-results';
import type { SoakMeasurement } from '../results/soak-result';
import { loadAdapter } from './adapter-reference';
import { readImageFile } from './image-file';
import { endWithParent } from './parent-watch';
import type {
  ChildMessage,
  ColdStartJob,
  GateJob,
  Job,
  JobResult,
  ParentMessage,
  ParityJob,
  ReferenceJob,
  SoakJob,
  TrialJob,
} from './process-messages';

/** A cold start has a program of its own. */
type TrialProcessJob = Exclude<Job, ColdStartJob>;

const abortController = new AbortController();

// The parent decides when a trial ends; Ctrl-C in a terminal reaches the whole process group.
process.on('SIGINT', () => {});
process.on('SIGTERM', () => {});
process.on('disconnect', () => process.exit(1));
endWithParent(process.ppid);

process.on('message', (message: ParentMessage<TrialProcessJob>) => {
  if (message.type === 'abort') abortController.abort();
  else void answer(message.job);
});

async function answer(job: TrialProcessJob): Promise<void> {
  try {
    const result = await run(job);
    end({ type: 'result', result });
  } catch (error) {
    const code = isDlcmpError(error) ? error.code : 'UNKNOWN';
    const message = error instanceof Error ? error.message : String(error);
    if (error instanceof Error && code === 'UNKNOWN') process.stderr.write(`${error.stack}\n`);
    end({ type: 'error', code, message });
  }
}

async function run(job: TrialProcessJob): Promise<JobResult<TrialProcessJob>> {
  if (job.kind === 'trial') return runTrial(job);
  if (job.kind === 'parity') return runParity(job);
  if (job.kind === 'soak') return runSoak(job);
  if (job.kind === 'server') {
    return measureServer(job.plan, (completed, total) => send({ type: 'loads', completed, total }));
  }
  const images = await readGateImages(job);
  if (job.kind === 'reference') return observeReference(job.gate, images, job.seconds);
  const adapter = await loadAdapter(job.adapter);
  assertCnn(adapter);
  return observeClassifier(adapter, job.gate, images);
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

async function runSoak({ adapter, plan, test }: SoakJob): Promise<SoakMeasurement> {
  const { gc } = globalThis;
  if (!gc) throw new Error('A soak needs a process that was started with --expose-gc.');
  return measureSoak(plan, {
    adapter: await loadAdapter(adapter),
    images: await readImageFile(test, plan.size),
    collectGarbage: () => void gc(),
    clock: monotonicClock,
    signal: abortController.signal,
    onProgress: (completed, total) => send({ type: 'requests', completed, total }),
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

/** As a trial's: training images from their file, test images in memory. */
async function readGateImages({ gate, train, test }: GateJob | ReferenceJob): Promise<GateImages> {
  const open = (count: number) => ({
    pixels: openPixelFile(train.pixelsPath, count, gate.spec),
    labels: train.labels.slice(0, count),
    count,
  });
  return { train: open, test: await readImageFile(test, gate.spec) };
}

async function runParity(job: ParityJob): Promise<TrajectoryOutcome> {
  const adapter = await loadAdapter(job.adapter);
  assertCnn(adapter);
  return replayTrajectory(adapter, job.trajectory, job);
}

function send(message: ChildMessage): void {
  process.send?.(message);
}

/** Sends the answer, and leaves once it is on its way, whatever threads a framework keeps. */
function end(message: ChildMessage): void {
  process.send?.(message, () => process.stderr.write('', () => process.exit(0)));
}
