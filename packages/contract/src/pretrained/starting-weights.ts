import { assertArgument } from '../errors';
import type { Initializer } from '../model-spec';
import { drawNetworkWeights } from '../network/network-weights';
import type { Network } from '../network/resolve-network';
import type { Weights } from '../weights';
import { hasWeights, sha256, weightsPath } from './download-weights';
import { describeOrigin, PUBLISHED_WEIGHTS } from './published-weights';
import { readWeightsFile } from './weights-file';

/** Where a model's first weights came from, as `model.json` keeps it. */
export interface WeightsSource {
  /** A published name, or the file's. */
  readonly name: string;
  /** Who published them; absent of a file of the user's own. */
  readonly source?: string | undefined;
  readonly licence?: string | undefined;
  /** Of the file. */
  readonly sha256: string;
}

/** Weights to begin with, before they meet a network. */
export interface PretrainedWeights {
  readonly weights: Weights;
  readonly source: WeightsSource;
}

/**
 * Reads weights by their published name, once they are downloaded, or from a file.
 *
 * @throws `INVALID_ARGUMENT` where they are not downloaded; `INVALID_FILE`
 */
export async function readPretrainedWeights(nameOrPath: string): Promise<PretrainedWeights> {
  const published = PUBLISHED_WEIGHTS.find(({ name }) => name === nameOrPath);
  assertArgument(
    published === undefined || hasWeights(published),
    `The weights ${nameOrPath} are not here yet. Fetch them with "dlcmp weights download ${nameOrPath}", or with downloadWeights.`,
  );
  const path = published ? weightsPath(published) : nameOrPath;
  const weights = await readWeightsFile(path);
  const about = published && { source: describeOrigin(published), licence: published.licence };
  return { weights, source: { name: nameOrPath, ...about, sha256: await sha256(path) } };
}

/** Weights as a network begins with them. */
export interface StartingWeights {
  readonly weights: Weights;
  /** Name of the last layer, where it was drawn by the seed, since the file's is of other classes. */
  readonly drawnHead?: string;
}

/**
 * `pretrained` for `network`: all of its weights and state, but for the last layer where that is of other classes or missing,
 * which is drawn by the seed.
 *
 * @throws `INVALID_ARGUMENT` naming what is missing or has another shape
 */
export function startingWeights(
  pretrained: Weights,
  network: Network,
  seed: number,
  initializer?: Initializer,
): StartingWeights {
  const { weightShapes, stateShapes, nodes } = network;
  const shapes = { ...weightShapes, ...stateShapes };
  const head = nodes.findLast(({ type }) => type === 'dense')?.name;
  const fits = ([name, shape]: [string, readonly number[]]) =>
    pretrained[name]?.shape.join() === shape.join();
  const ofHead = Object.entries(shapes).filter(([name]) => nodeOf(name) === head);
  if (ofHead.every(fits)) return { weights: pretrained };
  const drawn = drawNetworkWeights(network, seed, initializer);
  const others = Object.entries(pretrained).filter(([name]) => nodeOf(name) !== head);
  const ownHead = ofHead.map(([name]) => [name, drawn[name]] as const);
  return {
    weights: Object.fromEntries([...others, ...ownHead]) as Weights,
    drawnHead: head as string,
  };
}

function nodeOf(weight: string): string {
  return weight.slice(0, weight.lastIndexOf('.'));
}
