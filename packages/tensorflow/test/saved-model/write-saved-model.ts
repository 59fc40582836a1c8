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
  const output = scale ? 'scaled:0' : 'means:0';
  await saveGraph(directory, graph, {
    serving_default: signatureOf(
      { images: tensorInfo('x:0', type, shape) },
      { means: tensorInfo(output, DT_FLOAT, [-1, 3]) },
    ),
    ...(scale && { [START]: signatureOf({}, { [START]: tensorInfo('start', DT_FLOAT, []) }) }),
  });
}

/** A model whose output, a vector of the named type, is its input. */
export async function writeIdentityModel(
  directory: string,
  typeName: 'DT_INT64' | 'DT_UINT8' | 'DT_STRING',
): Promise<void> {
  const type = messages.DataType[typeName];
  const graph = new messages.GraphDef();
  graph.setNodeList([
    node('x', 'Placeholder', [], { dtype: typed(type), shape: shaped([-1]) }),
    node('y', 'Identity', ['x'], { T: typed(type) }),
  ]);
  const signature = signatureOf(
    { x: tensorInfo('x:0', type, [-1]) },
    { y: tensorInfo('y:0', type, [-1]) },
  );
  await saveGraph(directory, graph, { serving_default: signature });
}

async function saveGraph(
  directory: string,
  graph: Message,
  signatures: Readonly<Record<string, Message>>,
): Promise<void> {
  const metaGraph = new messages.MetaGraphDef();
  const information = new messages.MetaGraphDef.MetaInfoDef();
  information.setTagsList(['serve']);
  metaGraph.setMetaInfoDef(information);
  metaGraph.setGraphDef(graph);
  for (const [name, signature] of Object.entries(signatures)) {
    metaGraph.getSignatureDefMap().set(name, signature);
  }
  const savedModel = new messages.SavedModel();
  savedModel.addMetaGraphs(metaGraph);
  await mkdir(directory, { recursive: true });
  await writeFile(join(directory, 'saved_model.pb'), savedModel.serializeBinary());
}

function signatureOf(
  inputs: Readonly<Record<string, Message>>,
  outputs: Readonly<Record<string, Message>>,
): Message {
  const signature = new messages.SignatureDef();
  for (const [name, info] of Object.entries(inputs)) signature.getInputsMap().set(name, info);
  for (const [name, info] of Object.entries(outputs)) signature.getOutputsMap().set(name, info);
  return signature;
}

/** The signature whose operation TensorFlow runs on loading. */
const START = '__saved_model_init_op';

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
