import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { DlcmpError } from '@dlcmp/contract';
import { loadTfjsNode } from '../node-backend';
import type { TensorFlow } from '../tensorflow-js';

/** What a SavedModel's signature takes and gives. */
export interface SavedModelSignature {
  readonly input: SignatureTensor;
  readonly output: SignatureTensor;
}

/** A tensor of a signature. */
export interface SignatureTensor {
  /** With its index: `serving_default_x:0`. */
  readonly name: string;
  /** TensorFlow's name of the type, as `DT_FLOAT`. */
  readonly type: string;
  /** -1 where any size will do. */
  readonly shape: readonly number[];
}

/** What tfjs-node reads out of a `saved_model.pb`. */
interface MetaGraph {
  readonly tags: readonly string[];
  readonly signatureDefs: Readonly<
    Record<string, Readonly<Record<'inputs' | 'outputs', Readonly<Record<string, TensorEntry>>>>>
  >;
}

interface TensorEntry {
  readonly name: string;
  readonly tfDtype: string;
  readonly shape: readonly { getSize(): number }[];
}

/** No backend has it. */
const READER = 'dlcmp-saved-model-reader';

/**
 * The signature named `signature` in the part of the SavedModel in `directory` that bears the tag `tag`.
 *
 * @throws `INVALID_FILE` where there is none, or it has several inputs or outputs
 */
export async function readSignature(
  tf: TensorFlow,
  directory: string,
  tag: string,
  signature: string,
): Promise<SavedModelSignature> {
  const graphs = await readMetaGraphs(tf, directory);
  const graph = graphs.find(({ tags }) => tags.includes(tag));
  const entry = graph?.signatureDefs[signature];
  if (!entry) {
    const known = graphs.flatMap(({ tags, signatureDefs }) =>
      Object.keys(signatureDefs).map((name) => `${name} (tag ${tags})`),
    );
    throw invalid(
      directory,
      `it has no signature "${signature}" with the tag "${tag}", but: ${known.join(', ') || 'none'}`,
    );
  }
  return {
    input: onlyTensor(directory, 'input', entry.inputs),
    output: onlyTensor(directory, 'output', entry.outputs),
  };
}

async function readMetaGraphs(tf: TensorFlow, directory: string): Promise<MetaGraph[]> {
  if (!existsSync(join(directory, 'saved_model.pb'))) {
    throw invalid(directory, 'there is no saved_model.pb in it');
  }
  const { node } = loadTfjsNode(tf, READER);
  for (const { kernelName } of tf.getKernelsForBackend(READER)) {
    tf.unregisterKernel(kernelName, READER);
  }
  const read = node.getMetaGraphsFromSavedModel as unknown as (
    path: string,
  ) => Promise<MetaGraph[]>;
  return read(directory).catch((cause: unknown) => {
    throw invalid(directory, 'its saved_model.pb cannot be read', cause);
  });
}

function onlyTensor(
  directory: string,
  role: string,
  entries: Readonly<Record<string, TensorEntry>>,
): SignatureTensor {
  const [entry, ...others] = Object.values(entries);
  if (!entry || others.length > 0) {
    const names = Object.keys(entries).join(', ') || 'none';
    throw invalid(directory, `its signature must have one ${role}, and has: ${names}`);
  }
  const shape = entry.shape.map((dimension) => dimension.getSize());
  return { name: entry.name, type: entry.tfDtype, shape };
}

export function invalid(directory: string, reason: string, cause?: unknown): DlcmpError {
  return new DlcmpError(
    'INVALID_FILE',
    `${directory} is no SavedModel that classifies images: ${reason}. Export one with Keras's model.export(directory).`,
    { cause },
  );
}
