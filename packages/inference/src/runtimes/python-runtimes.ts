import { readOnnxFile } from '@dlcmp/cnn-onnx';
import { type ModelInterface, type ModelOutput, readFactsBeside } from '@dlcmp/contract';
import type { ModelFile } from '../formats/model-format';
import { asRows } from './as-rows';
import type { ModelRuntime, OpenRuntimeOptions, RunningModel } from './model-runtime';
import { PythonProgram } from './python-program';

export const pythonOnnxRuntime: ModelRuntime = {
  id: 'python-onnxruntime',
  title: 'ONNX Runtime (Python)',
  formats: ['onnx'],
  open: (model, options) => openInPython('onnxruntime', model, options),
};

export const pythonTensorFlow: ModelRuntime = {
  id: 'python-tensorflow',
  title: 'TensorFlow (Python)',
  formats: ['saved-model'],
  open: (model, options) => openInPython('tensorflow', model, options),
};

async function openInPython(
  library: 'onnxruntime' | 'tensorflow',
  { path, format }: ModelFile,
  { threads }: OpenRuntimeOptions,
): Promise<RunningModel> {
  const file = format === 'onnx' ? await readOnnxFile(path) : undefined;
  const program = new PythonProgram('run_model.py', [library, path, String(threads)]);
  const { header } = await program.read();
  const outputs = (header.outputs as ModelOutput[]).map((output) => {
    const endsWith = file?.endOf(output.name);
    return { ...opened(output), ...(endsWith && { endsWith }) };
  });
  const beside = await readFactsBeside(format === 'onnx' ? path : `${path}/saved_model.pb`);
  const description: ModelInterface = {
    path,
    inputs: (header.inputs as ModelOutput[]).map(opened),
    outputs,
    facts: [...(file?.facts ?? []), ...beside],
  };
  return {
    interface: description,
    versions: header.versions as Record<string, string>,
    async run({ name, type, data, shape }, output) {
      const request = { kind: 'run', input: name, type, shape, output };
      const answer = await program.ask(request, data);
      const floats = new Float32Array(answer.payload.buffer);
      return asRows(floats, answer.header.shape as number[], shape[0] as number, output);
    },
    async prepare(model, pixels, count) {
      return (await program.ask({ kind: 'prepare', model, count }, pixels)).payload;
    },
    async decode({ inputHeight: height, inputWidth: width, resize }, files) {
      const { filter, fit, shorterSide = Math.max(height, width) } = resize;
      const request = { files, height, width, filter, fit, shorterSide };
      return (await program.ask({ kind: 'decode', ...request })).payload;
    },
    async peakRssBytes() {
      return Number((await program.ask({ kind: 'memory' })).header.peakRssBytes);
    },
    close: () => program.close(),
  };
}

/** JSON has null where any length will do. */
function opened<Tensor extends ModelOutput>(tensor: Tensor): Tensor {
  return { ...tensor, shape: tensor.shape.map((length) => length ?? undefined) };
}
