import type { Adapter } from '@dlcmp/contract';
import { type Clock, timed } from '../clock';
import { readTreeMemory } from '../process-memory';

/** Which saved model is started, and how often it is asked. */
export interface ColdStartPlan {
  readonly backend: string;
  readonly threads: number;
  readonly modelDirectory: string;
  /** Requests of one image, the first included. */
  readonly requests: number;
}

/** One start of a new process. */
export interface ColdStartSample {
  readonly importSeconds: number;
  readonly loadSeconds: number;
  readonly firstAnswerSeconds: number;
  readonly atRestBytes: number;
  readonly afterFirstBytes: number;
  readonly afterRequestsBytes: number;
}

/**
 * Imports an adapter, loads the saved model and asks it. Nothing else may have run in this process, or been imported: what an adapter
 * shares with it would not be counted.
 *
 * @param images pixels of one image each; requests go round
 */
export async function measureColdStart(
  { modelDirectory, backend, threads, requests }: ColdStartPlan,
  images: readonly Uint8Array[],
  importAdapter: () => Promise<Adapter>,
  clock: Clock,
): Promise<ColdStartSample> {
  const imported = await timed(clock, importAdapter);
  const loaded = await timed(clock, () =>
    imported.result.load(modelDirectory, { backend, threads }),
  );
  const classifier = loaded.result;
  const ask = (request: number) =>
    classifier.predict(Uint8Array.from(images[request % images.length]!), 1);
  const atRestBytes = residentBytes();
  const first = await timed(clock, () => ask(0));
  const afterFirstBytes = residentBytes();
  for (let request = 1; request < requests; request++) await ask(request);
  const afterRequestsBytes = residentBytes();
  await classifier.dispose();
  return {
    importSeconds: imported.seconds,
    loadSeconds: loaded.seconds,
    firstAnswerSeconds: first.seconds,
    ...{ atRestBytes, afterFirstBytes, afterRequestsBytes },
  };
}

/** Of this process and those below it; where the system has no /proc, of this one. */
function residentBytes(): number {
  return readTreeMemory(process.pid)?.rssBytes ?? process.memoryUsage.rss();
}
