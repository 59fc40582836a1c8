import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { BLOCKS_FOLDER, type SlurmStudy } from './study-file';

/** One try at a block, by what it wrote itself. */
export interface Attempt {
  readonly directory: string;
  readonly machine?: string | undefined;
  /** Milliseconds since 1970. */
  readonly startedAt?: number | undefined;
  readonly finishedAt?: number | undefined;
  readonly trialsDone: number;
  /** 0 where it did not come so far. */
  readonly trialsDue: number;
}

/** Every try at block `number` in the order of their beginning, none where none has begun. */
export async function readAttempts(
  { directory }: SlurmStudy,
  number: number,
): Promise<readonly Attempt[]> {
  const folder = join(directory, BLOCKS_FOLDER, String(number));
  const names: string[] = await readdir(folder).catch(() => []);
  names.sort((a, b) => a.localeCompare(b, 'en', { numeric: true }));
  return Promise.all(names.map((name) => readAttempt(join(folder, name))));
}

async function readAttempt(directory: string): Promise<Attempt> {
  const text = await readFile(join(directory, 'events.jsonl'), 'utf8').catch(() => '');
  const events = text.split('\n').flatMap(parseEvent);
  const started = events.find(({ event }) => event === 'run-started');
  const finished = events.find(({ event }) => event === 'finished');
  return {
    directory,
    machine: started?.machine,
    startedAt: started?.at === undefined ? undefined : Date.parse(started.at),
    finishedAt: finished?.at === undefined ? undefined : Date.parse(finished.at),
    trialsDone: events.filter(({ event }) => event === 'trial-finished').length,
    trialsDue: started?.due ?? 0,
  };
}

interface BlockEvent {
  readonly event: string;
  readonly at?: string;
  readonly machine?: string;
  readonly due?: number;
}

/** The last line may be half written. */
function parseEvent(line: string): BlockEvent[] {
  try {
    return [JSON.parse(line) as BlockEvent];
  } catch {
    return [];
  }
}
