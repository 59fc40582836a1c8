import { mkdir, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { join } from 'node:path';

/*
 * A SavedModel made by hand, with the protobuf messages that TensorFlow publishes: from images
 * [count × height × width × 3] to the mean of each channel [count × 3].
 */

// biome-ignore lint/suspicious/noExplicitAny: the generated messages bring no types.
type Message = any;

const messages: Message = createRequire(import.meta.url)('@tensorflow/tfjs-node/dist/proto/api_pb');
const { DT_FLOAT, DT_INT32, DT_UINT8 } = messages.DataType;

export type InputType = 'float' | 'uint8';

/** What a scale of the channels is restored to on loading: the variable itself, and a copy that would start as it. */
export interface RestoredScale {
  readonly original?: readonly number[];
  readonly copy?: readonly number[];
}

export interface HandMadeModel {
  readonly height: number;
  readonly width: number;
  readonly input: InputType;
  /** The means are multiplied by the original. Default: they are not. */
  readonly scale?: RestoredScale;
}

export async function writeSavedModel(
  directory: string,
  { height, width, input, scale }: HandMadeModel,
): Promise<void> {
  const type = input === 'float' ? DT_FLOAT : DT_UINT8;
  const shape = [-1, height, width, 3];
  const graph = new messages.GraphDef();
  graph.setNodeList([
    ...(scale ? scaleNodes(scale) : []),
    node('x', 'Placeholder', [], { dtype: typed(type), shape: shaped(shape) }),
    node('axes', 'Const', [], { dtype: typed(DT_INT32), value: constant([1, 2]) }),
    node('floats', 'Cast', ['x'], { SrcT: typed(type), DstT: typed(DT_FLOAT) }),
    node('means', 'Mean', ['floats', 'axes'], { T: typed(DT_FLOAT), Tidx: typed(DT_INT32) }),
  ]);
  const signature = new messages.SignatureDef();
  signature.getInputsMap().set('images', tensorInfo('x:0', type, shape));
  const output = scale ? 'scaled:0' : 'means:0';
  signature.getOutputsMap().set('means', tensorInfo(output, DT_FLOAT, [-1, 3]));
  const metaGraph = new messages.MetaGraphDef();
  const information = new messages.MetaGraphDef.MetaInfoDef();
  information.setTagsList(['serve']);
  metaGraph.setMetaInfoDef(information);
  metaGraph.setGraphDef(graph);
  metaGraph.getSignatureDefMap().set('serving_default', signature);
  if (scale) metaGraph.getSignatureDefMap().set(START, startSignature());
  const savedModel = new messages.SavedModel();
  savedModel.addMetaGraphs(metaGraph);
  await mkdir(directory, { recursive: true });
  await writeFile(join(directory, 'saved_model.pb'), savedModel.serializeBinary());
}

/** The signature whose operation TensorFlow runs on loading. */
const START = '__saved_model_init_op';

function startSignature(): Message {
  const signature = new messages.SignatureDef();
  signature.getOutputsMap().set(START, tensorInfo('start', DT_FLOAT, []));
  return signature;
}

/** As Keras 3 writes a variable: the model reads the original, and the copy's first value would be the original's. */
function scaleNodes(scale: RestoredScale): Message[] {
  const dtype = typed(DT_FLOAT);
  const variable = (name: string) =>
    node(name, 'VarHandleOp', [], {
      dtype,
      shape: shaped([3]),
      shared_name: text(name),
      container: text(''),
    });
  const restored = Object.entries(scale).flatMap(([name, values]) => [
    node(`${name}/saved`, 'Const', [], { dtype, value: floats(values) }),
    node(`${name}/restore`, 'AssignVariableOp', [name, `${name}/saved`], { dtype }),
  ]);
  const restores = Object.keys(scale).map((name) => `^${name}/restore`);
  return [
    variable('original'),
    variable('copy'),
    node('copy/first', 'ReadVariableOp', ['original'], { dtype }),
    node('copy/assign', 'AssignVariableOp', ['copy', 'copy/first'], { dtype }),
    ...restored,
    node('start', 'NoOp', restores, {}),
    node('scale', 'ReadVariableOp', ['original'], { dtype }),
    node('scaled', 'Mul', ['means', 'scale'], { T: dtype }),
  ];
}

function node(name: string, op: string, inputs: string[], attributes: Record<string, Message>) {
  const message = new messages.NodeDef();
  message.setName(name);
  message.setOp(op);
  message.setInputList(inputs);
  for (const [key, value] of Object.entries(attributes)) message.getAttrMap().set(key, value);
  return message;
}

function typed(type: number): Message {
  const value = new messages.AttrValue();
  value.setType(type);
  return value;
}

function shaped(shape: readonly number[]): Message {
  const value = new messages.AttrValue();
  value.setShape(tensorShape(shape));
  return value;
}

function constant(values: readonly number[]): Message {
  const tensor = new messages.Tensor();
  tensor.setDtype(DT_INT32);
  tensor.setTensorShape(tensorShape([values.length]));
  tensor.setIntValList(values);
  const value = new messages.AttrValue();
  value.setTensor(tensor);
  return value;
}

function floats(values: readonly number[]): Message {
  const tensor = new messages.Tensor();
  tensor.setDtype(DT_FLOAT);
  tensor.setTensorShape(tensorShape([values.length]));
  tensor.setFloatValList(values);
  const value = new messages.AttrValue();
  value.setTensor(tensor);
  return value;
}

function text(content: string): Message {
  const value = new messages.AttrValue();
  value.setS(Buffer.from(content));
  return value;
}

function tensorShape(shape: readonly number[]): Message {
  const message = new messages.TensorShape();
  for (const size of shape) {
    const dimension = new messages.TensorShape.Dim();
    dimension.setSize(size);
    message.addDim(dimension);
  }
  return message;
}

function tensorInfo(name: string, type: number, shape: readonly number[]): Message {
  const info = new messages.TensorInfo();
  info.setName(name);
  info.setDtype(type);
  info.setTensorShape(tensorShape(shape));
  return info;
}
