import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { DlcmpError, type ModelFacts, type ModelOutput, normalisationOf } from '@dlcmp/contract';

/** What `model.json` of TensorFlow.js holds, as far as it is read here. */
export interface TfjsJson {
  readonly format?: string;
  readonly generatedBy?: string;
  readonly modelTopology: Topology;
  readonly weightsManifest: readonly {
    readonly paths: readonly string[];
    readonly weights: readonly { readonly name: string }[];
  }[];
  readonly userDefinedMetadata?: { readonly classNames?: readonly string[] };
}

interface Topology {
  /** Of a graph model. */
  readonly node?: readonly GraphNode[];
  /** Of a layers model that Keras saved. */
  readonly model_config?: { readonly config: LayersConfig };
  /** Of one that TensorFlow.js saved. */
  readonly config?: LayersConfig;
}

interface GraphNode {
  readonly name: string;
  readonly op: string;
  readonly input?: readonly string[];
}

type LayersConfig =
  | readonly Layer[]
  | { readonly layers: readonly Layer[]; readonly output_layers?: readonly (readonly [string])[] };

interface Layer {
  readonly class_name: string;
  readonly config: { readonly name?: string; readonly activation?: unknown };
}

export async function readTfjsJson(directory: string): Promise<TfjsJson> {
  const path = join(directory, 'model.json');
  const json = JSON.parse(await readFile(path, 'utf8')) as TfjsJson;
  if (json.modelTopology && Array.isArray(json.weightsManifest)) return json;
  throw new DlcmpError(
    'INVALID_FILE',
    `${path} has no modelTopology or no weightsManifest. Export the model again with tensorflowjs_converter.`,
  );
}

/** The bytes of all weights, in the manifest's order. */
export async function readTfjsWeights(directory: string, json: TfjsJson): Promise<ArrayBuffer> {
  const paths = json.weightsManifest.flatMap((group) => group.paths);
  const parts = await Promise.all(
    paths.map((path) =>
      readFile(join(directory, path)).catch((cause: unknown) => {
        const reason = `the weights ${path}, which its model.json names, cannot be read`;
        throw new DlcmpError(
          'INVALID_FILE',
          `${directory} is incomplete: ${reason}. Put the whole folder there.`,
          { cause },
        );
      }),
    ),
  );
  return new Uint8Array(Buffer.concat(parts)).buffer;
}

/** Layers that leave values as they are. */
const PASSING = new Set(['Identity', 'Reshape', 'Squeeze', 'Cast', 'Flatten', 'Dropout']);
const SCORING = new Set(['BiasAdd', 'MatMul', '_FusedMatMul', 'AddV2', 'Add', 'Mean']);

/** The activation that the output called `name` ends with, where the model tells. */
export function tfjsEnd({ modelTopology }: TfjsJson, name: string): ModelOutput['endsWith'] {
  const { node, model_config: keras, config = keras?.config } = modelTopology;
  if (node) return endOfNode(node, name);
  const layers = config && 'layers' in config ? config.layers : (config ?? []);
  const last = layers.findLast(({ class_name: type }) => !PASSING.has(type));
  if (last?.class_name === 'Softmax') return 'softmax';
  const activation = last?.config.activation;
  if (activation === 'softmax' || activation === 'sigmoid') return activation;
  return activation === 'linear' ? 'scores' : undefined;
}

function endOfNode(nodes: readonly GraphNode[], output: string): ModelOutput['endsWith'] {
  const node = nodes.find(({ name }) => name === output.split(':')[0]);
  if (!node) return undefined;
  if (node.op === 'Softmax') return 'softmax';
  if (node.op === 'Sigmoid') return 'sigmoid';
  if (node.op === 'ArgMax' || node.op.startsWith('TopK')) return 'a choice';
  if (PASSING.has(node.op)) return endOfNode(nodes, node.input?.[0] ?? '');
  return SCORING.has(node.op) ? 'scores' : undefined;
}

/** Layers at a model's beginning that normalise its pixels. */
const NORMALISING = new Set(['Rescaling', 'Normalization']);

/** What a TensorFlow.js model says of its pixels and classes: dlcmp's own, and Keras' that begin with a rescaling layer. */
export function tfjsFacts(json: TfjsJson): ModelFacts[] {
  const { model_config: keras, config = keras?.config } = json.modelTopology;
  const layers = config && 'layers' in config ? config.layers : (config ?? []);
  const first = layers.find(({ class_name: type }) => type !== 'InputLayer');
  const rescales =
    NORMALISING.has(first?.class_name ?? '') || json.generatedBy === '@dlcmp/cnn-tfjs';
  const classNames = json.userDefinedMetadata?.classNames;
  const values = {
    ...(rescales && { normalisation: normalisationOf('0-255') }),
    ...(classNames && { classNames }),
  };
  return [{ source: 'the file', values }];
}
