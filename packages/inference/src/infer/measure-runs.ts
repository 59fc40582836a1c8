import type {
  InferenceAnswered,
  InferenceMeasurement,
  InferenceRun,
  PrecisionVerdict,
} from '@dlcmp/bench-core/results';
import { createGenerator, isDlcmpError, permutation, throwIfAborted } from '@dlcmp/contract';
import { treatmentOf } from '../answers/treatment';
import type { ModelFile } from '../formats/model-format';
import { ModelProcess } from '../process/model-process';
import type { RuntimeId } from '../runtimes/model-runtime';
import type { InferPlan } from './infer-models';

/**
 * Measures the runs whose answers agree, each in `repeats` processes, round by round and in an order drawn by the seed. A model that
 * lost accuracy is left out: it does not compute the same.
 */
export async function measureRuns(
  plan: InferPlan,
  files: readonly ModelFile[],
  runs: readonly InferenceRun[],
  precisions: readonly PrecisionVerdict[],
): Promise<InferenceRun[]> {
  const lost = new Set(
    precisions.filter(({ verdict }) => verdict !== 'kept').map(({ model }) => model),
  );
  const measured = new Map<InferenceRun, InferenceMeasurement[]>();
  const notes = new Map<InferenceRun, string[]>();
  const comparable = runs.filter(
    (run) => run.status === 'answered' && run.agrees && !lost.has(run.model),
  );
  for (const run of comparable) {
    measured.set(run, []);
    notes.set(run, []);
  }
  for (let round = 0; round < plan.repeats; round++) {
    const generator = createGenerator(plan.seed, 'inference-order', round);
    for (const index of permutation(generator, comparable.length)) {
      const run = comparable[index] as InferenceRun;
      throwIfAborted(plan.signal);
      plan.onProgress?.(`measuring ${run.title}, ${round + 1} of ${plan.repeats}`);
      const outcome = await measureRun(
        plan,
        files[run.model] as ModelFile,
        run.runtime as RuntimeId,
      );
      if (typeof outcome === 'string') notes.get(run)?.push(outcome);
      else measured.get(run)?.push(outcome);
    }
  }
  return runs.map((run): InferenceRun => {
    const figures = measured.get(run);
    if (!figures) return run;
    return { ...(run as InferenceAnswered), measured: figures, notes: notes.get(run) ?? [] };
  });
}

async function measureRun(
  { images, options, threads }: InferPlan,
  file: ModelFile,
  runtime: RuntimeId,
): Promise<InferenceMeasurement | string> {
  let process: ModelProcess | undefined;
  try {
    process = await ModelProcess.open({ file, runtime, options, threads });
    const { model, loadSeconds, firstSeconds } = process.opened;
    const pixels = await images.pixelsOf(treatmentOf(model));
    const figures = await process.ask({ kind: 'measure', pixels, count: images.count });
    const { latency, throughput, peakRssBytes } = figures;
    return {
      loadSeconds,
      firstSeconds,
      p50Ms: latency.p50Ms,
      p99Ms: latency.p99Ms,
      throughput: throughput.map(({ batchSize, imagesPerSecond }) => ({
        batchSize,
        imagesPerSecond,
      })),
      peakRssBytes,
    };
  } catch (error) {
    if (isDlcmpError(error)) return error.message;
    throw error;
  } finally {
    await process?.close();
  }
}
