import { readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { describeOnnxValue, readOnnxFile } from '@dlcmp/cnn-onnx';
import { DlcmpError, fromFloat16, type ModelInterface, readFactsBeside } from '@dlcmp/contract';
import type { InferenceSession, TypedTensor } from 'onnxruntime-node';
import { asRows } from './as-rows';
import { importFramework } from './import-framework';
import type { ModelRuntime, RunningModel } from './model-runtime';

/** What onnxruntime-node and onnxruntime-web have in common. */
type OnnxModule = Pick<typeof import('onnxruntime-node'), 'InferenceSession' | 'Tensor' | 'env'>;

/** Of `logSeverityLevel`: only what ends the process; errors are thrown. */
const QUIET = 4;

export const onnxRuntimeNode: ModelRuntime = {
  id: 'onnxruntime-node',
  title: 'ONNX Runtime (Node.js)',
  formats: ['onnx'],
  async open({ path }, { threads }) {
    const module = await importFramework<OnnxModule>(
      'onnxruntime-node',
      () => import('onnxruntime-node'),
    );
    return openOnnx(module, path, 'onnxruntime-node', {
      executionProviders: ['cpu'],
      intraOpNumThreads: threads,
    });
  },
};

export const onnxRuntimeWeb: ModelRuntime = {
  id: 'onnxruntime-web',
  title: 'ONNX Runtime (WebAssembly)',
  formats: ['onnx'],
  async open({ path }, { threads }) {
    const module = await importFramework<OnnxModule>(
      'onnxruntime-web',
      async () => (await import('onnxruntime-web')) as unknown as OnnxModule,
    );
    module.env.wasm.numThreads = threads;
    return openOnnx(module, path, 'onnxruntime-web', { executionProviders: ['wasm'] });
  },
};

async function openOnnx(
  module: OnnxModule,
  path: string,
  name: string,
  options: InferenceSession.SessionOptions,
): Promise<RunningModel> {
  const file = await readOnnxFile(path);
  const external = await Promise.all(
    file.externalFiles.map(async (name) => ({
      path: name,
      data: await readFile(join(dirname(path), name)),
    })),
  );
  const session = await module.InferenceSession.create(
    name === 'onnxruntime-web' ? file.bytes : (path as never),
    {
      ...options,
      logSeverityLevel: QUIET,
      ...(name === 'onnxruntime-web' && external.length > 0 && { externalData: external }),
    } as InferenceSession.SessionOptions,
  ).catch((cause: unknown) => {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new DlcmpError(
      'INVALID_FILE',
      `${name} cannot open ${path}: ${reason} Export it with operators that it has, or choose another runtime.`,
      { cause },
    );
  });
  const facts = [...file.facts, ...(await readFactsBeside(path))];
  const description: ModelInterface = {
    path,
    inputs: session.inputMetadata.map(describeOnnxValue),
    outputs: session.outputMetadata.map((value) => {
      const endsWith = file.endOf(value.name);
      return { ...describeOnnxValue(value), ...(endsWith && { endsWith }) };
    }),
    facts,
  };
  return {
    interface: description,
    versions: { [name]: module.env.versions.common },
    async run({ name: input, type, data, shape }, output) {
      const tensor = new module.Tensor(type, halves(type, data) as Float32Array, shape);
      const answers = await session.run({ [input]: tensor }, [output]);
      const answer = answers[output] as TypedTensor<'float32'>;
      return asRows(floatsOf(answer.type, answer.data), answer.dims, shape[0] as number, output);
    },
    close: () => session.release(),
  };
}

/** Where Node.js has a type for float16, ONNX Runtime takes no other. */
function halves(type: string, data: ArrayBufferView): ArrayBufferView {
  const { Float16Array } = globalThis as {
    Float16Array?: new (buffer: ArrayBufferLike) => ArrayBufferView;
  };
  return type === 'float16' && Float16Array ? new Float16Array(data.buffer) : data;
}

function floatsOf(type: string, data: unknown): Float32Array {
  if (type === 'float16' && data instanceof Uint16Array)
    return Float32Array.from(data, fromFloat16);
  return data instanceof Float32Array ? data : Float32Array.from(data as ArrayLike<number>);
}
