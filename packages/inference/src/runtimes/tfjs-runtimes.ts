import {
  DlcmpError,
  type ModelInterface,
  type ModelTensor,
  readFactsBeside,
} from '@dlcmp/contract';
import { registerTensorFlow, type TensorFlow } from '@dlcmp/tensorflow';
import type { ModelFile } from '../formats/model-format';
import { readTfjsJson, readTfjsWeights, tfjsEnd, tfjsFacts } from '../formats/tfjs-files';
import { importFramework } from './import-framework';
import type { ModelRuntime, RunningModel } from './model-runtime';
import { openSavedModel } from './open-saved-model';
import { type AskableModel, computeOn, runTfjsModel } from './run-tfjs-model';

const CORE = '@tensorflow/tfjs-core';

/** Native TensorFlow, for SavedModels and TensorFlow.js's own formats. */
export const tensorFlowNative: ModelRuntime = {
  id: 'tensorflow',
  title: 'TensorFlow (native)',
  formats: ['saved-model', 'tfjs-graph', 'tfjs-layers'],
  async open(model, { threads }) {
    // Before the library is loaded, which reads them once.
    process.env.TF_NUM_INTRAOP_THREADS = String(threads);
    const tf = await importFramework<TensorFlow>(CORE, () => import('@tensorflow/tfjs-core'));
    const registered = registerTensorFlow(tf);
    // Says what is missing, and what brings it.
    const versions = { tensorflow: registered.version() };
    await computeOn(tf, 'tensorflow');
    if (model.format === 'saved-model') return openSavedModel(tf, registered, model.path, versions);
    return openTfjs(tf, model, versions);
  },
};

/** TensorFlow.js's WebAssembly backend. */
export const tfjsWasm: ModelRuntime = {
  id: 'tfjs-wasm',
  title: 'TensorFlow.js (WebAssembly)',
  formats: ['tfjs-graph', 'tfjs-layers'],
  async open(model, { threads }) {
    const tf = await importFramework<TensorFlow>(CORE, () => import('@tensorflow/tfjs-core'));
    const wasm = await importFramework(
      '@tensorflow/tfjs-backend-wasm',
      () => import('@tensorflow/tfjs-backend-wasm'),
    );
    wasm.setThreadsCount(threads);
    await computeOn(tf, 'wasm');
    return openTfjs(tf, model, { 'tfjs-backend-wasm': wasm.version_wasm });
  },
};

/** What graph models and layers models have in common. */
interface TfjsModel extends AskableModel {
  readonly inputs: readonly TfjsValue[];
  readonly outputs: readonly TfjsValue[];
  dispose(): unknown;
}

interface TfjsValue {
  readonly name: string;
  readonly dtype?: string;
  readonly shape?: readonly (number | null)[];
}

async function openTfjs(
  tf: TensorFlow,
  { path, format }: ModelFile,
  versions: RunningModel['versions'],
): Promise<RunningModel> {
  const json = await readTfjsJson(path);
  const handler = tf.io.fromMemory({
    ...(json as object),
    modelTopology: json.modelTopology,
    weightSpecs: json.weightsManifest.flatMap(({ weights }) => weights) as never,
    weightData: await readTfjsWeights(path, json),
  });
  const model = await loadModel(format, handler).catch((cause: unknown) => {
    if (cause instanceof DlcmpError) throw cause;
    throw new DlcmpError(
      'INVALID_FILE',
      `TensorFlow.js cannot open ${path}: ${(cause as Error).message} Export it again with tensorflowjs_converter.`,
      { cause },
    );
  });
  const description: ModelInterface = {
    path,
    inputs: model.inputs.map(tensorOf),
    outputs: model.outputs.map((value) => {
      const endsWith = tfjsEnd(json, value.name);
      return { ...tensorOf(value), ...(endsWith && { endsWith }) };
    }),
    facts: [...tfjsFacts(json), ...(await readFactsBeside(`${path}/model.json`))],
  };
  const names = model.outputs.map(({ name }) => name);
  return {
    interface: description,
    versions: { 'tfjs-core': tf.version_core, ...versions },
    run: (input, output) => runTfjsModel(tf, model, names, input, output),
    async close() {
      model.dispose();
    },
  };
}

async function loadModel(format: ModelFile['format'], handler: unknown): Promise<TfjsModel> {
  if (format === 'tfjs-graph') {
    const converter = await importFramework(
      '@tensorflow/tfjs-converter',
      () => import('@tensorflow/tfjs-converter'),
    );
    return (await converter.loadGraphModel(handler as never)) as unknown as TfjsModel;
  }
  const layers = await importFramework(
    '@tensorflow/tfjs-layers',
    () => import('@tensorflow/tfjs-layers'),
  );
  return (await layers.loadLayersModel(handler as never)) as unknown as TfjsModel;
}

function tensorOf({ name, dtype = 'float32', shape = [] }: TfjsValue): ModelTensor {
  const lengths = shape.map((length) =>
    typeof length === 'number' && length >= 0 ? length : undefined,
  );
  return { name, type: dtype === 'int32' ? 'uint8' : dtype, shape: lengths };
}
