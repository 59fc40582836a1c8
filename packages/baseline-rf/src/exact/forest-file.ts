import { DlcmpError } from '@dlcmp/contract';
import type { Forest } from './forest';
import type { Tree } from './tree';

/**
 * The file of a forest: the line {@link SIGNATURE}, a line of JSON, then for each tree its arrays
 * in the order of {@link encodeTree}, little-endian and without gaps.
 */
interface Header {
  readonly featureCount: number;
  readonly classCount: number;
  /** Number of nodes of each tree. */
  readonly nodeCounts: readonly number[];
  readonly oobScore?: number;
}

const SIGNATURE = 'dlcmp-forest 1';

/** A forest, with what else `fit` found out. */
export interface SavedForest {
  readonly forest: Forest;
  readonly oobScore: number | undefined;
}

/** The bytes of {@link decodeForest}. */
export function encodeForest({ forest, oobScore }: SavedForest): Uint8Array {
  const { featureCount, classCount, trees } = forest;
  const header: Header = {
    featureCount,
    classCount,
    nodeCounts: trees.map(({ lefts }) => lefts.length),
    ...(oobScore !== undefined && { oobScore }),
  };
  const head = Buffer.from(`${SIGNATURE}\n${JSON.stringify(header)}\n`);
  return Buffer.concat([head, ...trees.flatMap(encodeTree)]);
}

function encodeTree(tree: Tree): Uint8Array[] {
  const { lefts, features, decreases, distributions, thresholds } = tree;
  return [lefts, features, decreases, distributions, thresholds].map(
    ({ buffer, byteOffset, byteLength }) => new Uint8Array(buffer, byteOffset, byteLength),
  );
}

/**
 * Reads what {@link encodeForest} wrote.
 *
 * @param source names the bytes in errors
 * @throws `INVALID_FILE` where they are anything else, are cut short, or hold a tree that cannot be
 */
export function decodeForest(bytes: Uint8Array, source: string): SavedForest {
  const { header, start } = decodeHeader(bytes, source);
  const { featureCount, classCount, nodeCounts, oobScore } = header;
  let position = start;
  const take = (length: number): ArrayBuffer => {
    if (position + length > bytes.length) throw invalid(source, 'it is cut short');
    position += length;
    return new Uint8Array(bytes.subarray(position - length, position)).buffer;
  };
  const trees = nodeCounts.map((nodeCount): Tree => {
    const leafCount = (nodeCount + 1) / 2;
    return {
      lefts: new Uint32Array(take(nodeCount * 4)),
      features: new Uint32Array(take(nodeCount * 4)),
      decreases: new Float64Array(take(nodeCount * 8)),
      distributions: new Float32Array(take(leafCount * classCount * 4)),
      thresholds: new Uint8Array(take(nodeCount)),
    };
  });
  if (position !== bytes.length) throw invalid(source, 'it is longer than it says');
  if (!trees.every((tree) => isTree(tree, featureCount))) throw invalid(source, 'a tree is broken');
  const forest = { featureCount, classCount, trees };
  return { forest, oobScore };
}

function decodeHeader(bytes: Uint8Array, source: string): { header: Header; start: number } {
  const headEnd = bytes.indexOf(0x0a, SIGNATURE.length + 1);
  const [signature, json = ''] = Buffer.from(bytes.subarray(0, headEnd + 1))
    .toString()
    .split('\n');
  if (signature !== SIGNATURE) throw invalid(source, 'it does not begin as one');
  try {
    const header = JSON.parse(json) as Header;
    const sizes = [header.featureCount, header.classCount, ...header.nodeCounts];
    const plausible = sizes.every((size) => Number.isInteger(size) && size >= 1);
    const paired = header.nodeCounts.every((count) => count % 2 === 1);
    if (!plausible || !paired) throw new RangeError('sizes out of range');
    return { header, start: headEnd + 1 };
  } catch (cause) {
    throw invalid(source, 'its header cannot be read', cause);
  }
}

/** Whether every walk from the root ends in a leaf, and reads no feature that is not there. */
function isTree({ lefts, features }: Tree, featureCount: number): boolean {
  let leafCount = 0;
  return lefts.every((left, node) => {
    const feature = features[node] as number;
    if (left === 0) return feature === leafCount++;
    return left > node && left + 1 < lefts.length && feature < featureCount;
  });
}

function invalid(source: string, reason: string, cause?: unknown): DlcmpError {
  return new DlcmpError(
    'INVALID_FILE',
    `${source} is not a forest of @dlcmp/baseline-rf: ${reason}. Save the model again.`,
    cause === undefined ? undefined : { cause },
  );
}
