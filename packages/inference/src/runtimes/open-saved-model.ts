import { DlcmpError, type ModelTensor, readFactsBeside } from '@dlcmp/contract';
import type { RegisteredTensorFlow, TensorFlow } from '@dlcmp/tensorflow';
import type { RunningModel } from './model-runtime';
import { type AskableModel, runTfjsModel } from './run-tfjs-model';

/** tfjs-node's `TFSavedModel`. */
interface SavedModel extends AskableModel {
  readonly inputs: readonly Value[];
  readonly outputs: readonly Value[];
  dispose(): void;
}

interface Value {
  readonly name: string;
  readonly dtype: string;
  readonly shape?: readonly { getSize?(): number }[] | readonly number[];
}

/** A SavedModel's signature `serving_default`, on native TensorFlow. */
export async function openSavedModel(
  tf: TensorFlow,
  { node }: RegisteredTensorFlow,
  path: string,
  versions: RunningModel['versions'],
): Promise<RunningModel> {
  const signature = await servingSignature(node, path);
  const load = node.loadSavedModel as unknown as (path: string) => Promise<SavedModel>;
  const model = await load(path).catch((cause: unknown) => {
    throw new DlcmpError(
      'INVALID_FILE',
      `TensorFlow cannot open ${path}: ${(cause as Error).message} Export it with Keras's model.export(directory).`,
      { cause },
    );
  });
  const inputs = Object.keys(signature.inputs);
  const names = Object.keys(signature.outputs);
  return {
    interface: {
      path,
      inputs: model.inputs.map((value, at) => tensorOf(value, inputs[at] as string)),
      outputs: model.outputs.map((value, at) => tensorOf(value, names[at] as string)),
      facts: await readFactsBeside(`${path}/saved_model.pb`),
    },
    versions,
    run: (input, output) => runTfjsModel(tf, model, names, input, output),
    async close() {
      model.dispose();
    },
  };
}

interface Signature {
  readonly inputs: Readonly<Record<string, unknown>>;
  readonly outputs: Readonly<Record<string, unknown>>;
}

/** Names of inputs and outputs as Python has them; TensorFlow.js tells those of the graph's tensors. */
async function servingSignature(
  node: RegisteredTensorFlow['node'],
  path: string,
): Promise<Signature> {
  const read = node.getMetaGraphsFromSavedModel as unknown as (
    path: string,
  ) => Promise<{ readonly signatureDefs: Readonly<Record<string, Signature>> }[]>;
  const graphs = await read(path);
  const signature = graphs.map(({ signatureDefs }) => signatureDefs.serving_default).find(Boolean);
  if (signature) return signature;
  const known = graphs.flatMap(({ signatureDefs }) => Object.keys(signatureDefs)).join(', ');
  throw new DlcmpError(
    'INVALID_FILE',
    `${path} has no signature serving_default, but: ${known || 'none'}. Export it with Keras's model.export(directory).`,
  );
}

function tensorOf({ dtype, shape = [] }: Value, name: string): ModelTensor {
  const lengths = [...shape].map((one) =>
    typeof one === 'number' ? one : (one.getSize?.() ?? -1),
  );
  return {
    name,
    type: dtype === 'int32' ? 'uint8' : dtype,
    shape: lengths.map((length) => (length >= 0 ? length : undefined)),
  };
}
