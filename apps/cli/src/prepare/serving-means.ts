import { createRequire } from 'node:module';
import { pathToFileURL } from 'node:url';
import type { BenchConfiguration, ServingMeans } from '@dlcmp/bench-core';
import type { ImageFile } from '@dlcmp/data';

/** As many as a server's caches cannot hold the answers of, and a process the bytes. */
const MOST_IMAGES = 64;

/** What the scenario `server` needs, where it is asked for: images as they lie on disk, at their own size. */
export function servingMeans(
  { scenarios = [] }: Pick<BenchConfiguration, 'scenarios'>,
  test: readonly ImageFile[],
): ServingMeans | undefined {
  if (!scenarios.includes('server')) return undefined;
  const require = createRequire(import.meta.url);
  const path = require.resolve('@dlcmp/serving');
  const step = Math.max(1, Math.floor(test.length / MOST_IMAGES));
  const files = test.filter((_, index) => index % step === 0).slice(0, MOST_IMAGES);
  return { moduleUrl: pathToFileURL(path).href, files: files.map((file) => file.path) };
}
