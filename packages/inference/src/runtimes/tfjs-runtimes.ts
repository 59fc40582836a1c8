import {
  DlcmpError,
  type ModelInterface,
  type ModelTensor,
  readFactsBeside,
} from '@dlcmp/contract';
import { registerTensorFlow, type TensorFlow } from '@dlcmp/tensorflow';
import type { Tensor } from '@tensorflow/tfjs-core';
import type { ModelFile } from '../formats/model-format';
import { readTfjsJson, readTfjsWeights, tfjsEnd, tfjsFacts } from '../formats/tfjs-files';
import { asRows } from './as-rows';
import { importFramework } from './import-framework';
import type { ModelRuntime, RunningModel, RuntimeInput } from './model-runtime';
import { openSavedModel } from './open-saved-model';

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
    if (!(await tf.setBackend('tensorflow').catch(() => false))) {
      // Says what is missing and what brings it.
      registered.version();
    }
    const versions = { tensorflow: registered.version() };
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
    await tf.setBackend('wasm');
    await tf.ready();
    return openTfjs(tf, model, { 'tfjs-backend-wasm': wasm.version_wasm });
  },
};

/** What graph models and layers models have in common. */
interface TfjsModel {
  readonly inputs: readonly TfjsValue[];
  readonly outputs: readonly TfjsValue[];
  predict(input: Tensor): Tensor | Tensor[] | Readonly<Record<string, Tensor>>;
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
    async run(input, output) {
      const tensor = tensorFor(tf, input);
      const answers = model.predict(tensor);
      const all = isTensor(answers)
        ? [answers]
        : Array.isArray(answers)
          ? answers
          : Object.values(answers);
      const answer = all[names.indexOf(output)] as Tensor;
      const data = Float32Array.from(await answer.data());
      const { shape } = answer;
      tf.dispose([tensor, ...all]);
      return asRows(data, shape, input.shape[0] as number, output);
    },
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

/** A tensor of TensorFlow.js, which has bytes as int32 and no float16. */
export function tensorFor(tf: TensorFlow, { data, shape, type }: RuntimeInput): Tensor {
  if (type === 'uint8') return tf.tensor(Int32Array.from(data), [...shape], 'int32');
  return tf.tensor(data as Float32Array, [...shape], 'float32');
}

function isTensor(value: unknown): value is Tensor {
  return typeof (value as Partial<Tensor>).dataSync === 'function';
}

function tensorOf({ name, dtype = 'float32', shape = [] }: TfjsValue): ModelTensor {
  const lengths = shape.map((length) =>
    typeof length === 'number' && length >= 0 ? length : undefined,
  );
  return { name, type: dtype === 'int32' ? 'uint8' : dtype, shape: lengths };
}
