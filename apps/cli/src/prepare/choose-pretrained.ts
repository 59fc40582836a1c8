import {
  assertNetworkWeights,
  downloadWeights,
  hasWeights,
  type NetworkDescription,
  type PretrainedWeights,
  PUBLISHED_WEIGHTS,
  type PublishedWeights,
  readPretrainedWeights,
  resolveNetwork,
  startingWeights,
} from '@dlcmp/contract';
import { startProgress } from '../progress/progress-line';
import { describeWeights } from '../results/describe-weights';

interface WeightsFlags {
  readonly weights?: string;
  readonly seeds: readonly number[];
  readonly quiet?: boolean | undefined;
}

/**
 * What `--weights` names, checked against `network`. Published weights that are not here are fetched; where they come from and
 * their licence are told before.
 *
 * @throws `INVALID_ARGUMENT` where they are another network's; `INVALID_FILE`, `INVALID_DATA`
 */
export async function choosePretrained(
  { weights: name, seeds, quiet }: WeightsFlags,
  network: NetworkDescription,
  { imageSize, classCount }: { readonly imageSize: number; readonly classCount: number },
  signal: AbortSignal,
): Promise<{ pretrained: PretrainedWeights; notes: readonly string[] } | undefined> {
  if (name === undefined) return undefined;
  const published = PUBLISHED_WEIGHTS.find((candidate) => candidate.name === name);
  if (published && !hasWeights(published)) await fetchWeights(published, { quiet, signal });
  const pretrained = await readPretrainedWeights(name);
  const size = { inputHeight: imageSize, inputWidth: imageSize };
  const resolved = resolveNetwork(network, size, classCount);
  const { weights, drawnHead } = startingWeights(pretrained.weights, resolved, seeds[0] ?? 0);
  assertNetworkWeights(weights, resolved);
  const notes = [`The CNNs begin with the weights ${describeSource(pretrained.source)}.`];
  if (drawnHead !== undefined) {
    notes.push(`The last layer, ${drawnHead}, is drawn anew for ${classCount} classes.`);
  }
  return { pretrained, notes };
}

/** Tells source and licence, and fetches. @returns the path of the file */
export async function fetchWeights(
  published: PublishedWeights,
  {
    quiet,
    signal,
    url,
  }: { readonly quiet?: boolean | undefined; readonly signal: AbortSignal; readonly url?: string },
): Promise<string> {
  if (!quiet) process.stderr.write(`Fetching ${describeWeights(published, url)}\n`);
  const line = startProgress('Downloading', { quiet });
  try {
    return await downloadWeights(published, {
      url,
      signal,
      onProgress: (completed, total) => line.update(completed, total || completed * 2),
    });
  } finally {
    line.finish();
  }
}

function describeSource({ name, source, licence }: PretrainedWeights['source']): string {
  return source === undefined ? name : `${name} (${source}, ${licence})`;
}
