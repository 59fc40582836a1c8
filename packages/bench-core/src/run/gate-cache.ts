import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import * as z from 'zod/mini';
import type { GatedContender } from '../results/bench-results';
import { gatedContender } from '../results/results-schema';

/** What the gate found earlier, by {@link gateFingerprint}. */
export interface GateCache {
  find(fingerprint: string): Promise<readonly GatedContender[] | undefined>;
  keep(fingerprint: string, contenders: readonly GatedContender[]): Promise<void>;
}

const entry = z.array(gatedContender);

/**
 * Keeps each verdict in a file of `directory`. What can't be read there counts as not found: the gate then runs.
 *
 * @param directory made where it is missing
 */
export function gateCacheIn(directory: string): GateCache {
  const pathOf = (fingerprint: string) => join(directory, `${fingerprint}.json`);
  return {
    async find(fingerprint) {
      const text = await readFile(pathOf(fingerprint), 'utf8').catch(() => undefined);
      if (text === undefined) return undefined;
      const { data } = entry.safeParse(asJson(text));
      return data;
    },
    async keep(fingerprint, contenders) {
      await mkdir(directory, { recursive: true });
      const path = pathOf(fingerprint);
      const unfinished = `${path}.${process.pid}`;
      await writeFile(unfinished, JSON.stringify(contenders));
      await rename(unfinished, path);
    },
  };
}

function asJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
