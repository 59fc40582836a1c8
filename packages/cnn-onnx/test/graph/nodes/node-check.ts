import { type Device, elementCount, type NetworkNode, resolveNetwork } from '@dlcmp/contract';
import ort from 'onnxruntime-node';
import { applyNetwork, type NetworkPart } from '../../../src/graph/apply-network';
import { BATCH_SIZE, maskName } from '../../../src/graph/value-names';
import { GraphBuilder } from '../../../src/onnx/graph-builder';

type Shapes = Readonly<Record<string, readonly number[]>>;
type Tensors = Readonly<Record<string, ArrayLike<number>>>;

/** Nodes on their own, reading `before`: images of `inputShape`. */
export interface NodeCheck {
  readonly nodes: readonly NetworkNode[];
  readonly inputShape: readonly [channels: number, height: number, width: number];
}

/** One run of them, forward and backward. */
export interface NodeRun extends NodeCheck {
  /** `input`, weights and state by their names. */
  readonly values: Tensors;
  /** Gradient of the last node's output. */
  readonly upstream: ArrayLike<number>;
  readonly masks?: Readonly<Record<string, Uint8Array>>;
}

/** What came of a {@link NodeRun}. */
export interface NodeResults {
  readonly output: Float32Array;
  /** Of `input` and each weight. */
  readonly gradients: Readonly<Record<string, Float32Array>>;
  readonly nextState: Readonly<Record<string, Float32Array>>;
}

/** A relative error that float32 arithmetic explains. */
export const ROUNDING = 1e-5;

/** The nodes with everything worked out: resolved within a network that feeds them and takes what they put out. */
export function resolvePart({ nodes, inputShape: [channels, height, width] }: NodeCheck) {
  const before = { type: 'conv2d', name: 'before', channels, kernelSize: 1 } as const;
  const after = [{ type: 'flatten' }, { type: 'dense', name: 'after', units: 'classes' }] as const;
  const size = { inputHeight: height, inputWidth: width };
  const description = { schemaVersion: 1, name: 'check', nodes: [before, ...nodes, ...after] };
  const network = resolveNetwork(description as never, size, 2);
  const part: NetworkPart = { nodes: network.nodes.slice(1, -2), input: 'before' };
  const own = (shapes: Shapes): Shapes =>
    Object.fromEntries(Object.entries(shapes).filter(([name]) => !/^(before|after)\./.test(name)));
  return {
    part,
    outputShape: part.nodes.at(-1)?.outputShape as readonly number[],
    weightShapes: own(network.weightShapes),
    stateShapes: own(network.stateShapes),
    masks: network.masks,
  };
}

/** Runs nodes in a graph of their own on the CPU, as in training and as written for `device`. */
export async function runNodes(run: NodeRun, device: Device = 'cpu'): Promise<NodeResults> {
  const { values, upstream, masks = {} } = run;
  const { part, outputShape, weightShapes, stateShapes } = resolvePart(run);
  const batch = upstream.length / elementCount(outputShape);
  const weights: Shapes = { input: [batch, ...run.inputShape], ...weightShapes };
  const shapes = { ...weights, ...stateShapes };
  const graph = new GraphBuilder();
  for (const [name, shape] of Object.entries(shapes)) graph.input(name, 'float32', shape);
  const applied = applyNetwork(graph, part, 'input', {
    ...{ device, training: true },
    batchSize: graph.input(BATCH_SIZE, 'float32', []),
  });
  const outputs = [batch, ...outputShape];
  const gradients = applied.backward(graph.input('upstream', 'float32', outputs), true);
  const all = {
    input: gradients.input as string,
    ...Object.fromEntries(
      Object.entries(gradients.weights).map(([name, { gradient }]) => [name, gradient]),
    ),
  };
  // An output of the graph must come out of a node, which one that passes its gradient on lacks.
  const added = (value: string) => graph.node('Identity', [value]);
  graph.output('output', added(applied.output), 'float32', outputs);
  for (const [name, shape] of Object.entries(weights))
    graph.output(`gradient/${name}`, added(all[name as 'input']), 'float32', shape);
  for (const [name, shape] of Object.entries(stateShapes))
    graph.output(`state/${name}`, applied.nextState[name] as string, 'float32', shape);
  const feeds: Record<string, ort.Tensor> = {
    upstream: floatTensor(upstream, outputs),
    [BATCH_SIZE]: floatTensor([batch], []),
    ...tensors(values, shapes),
  };
  for (const [name, mask] of Object.entries(masks))
    feeds[maskName(name)] = new ort.Tensor('uint8', mask, [batch, ...run.inputShape]);
  const fetched = await runGraph(graph, feeds);
  return {
    output: fetched.output as Float32Array,
    gradients: withPrefix('gradient', fetched),
    nextState: withPrefix('state', fetched),
  };
}

/** What nodes put out in inference. */
export async function inferNodes(
  check: NodeCheck,
  values: Tensors,
  device: Device = 'cpu',
): Promise<Float32Array> {
  const { part, outputShape, weightShapes, stateShapes } = resolvePart(check);
  const batch = (values.input?.length ?? 0) / elementCount(check.inputShape);
  const shapes: Shapes = { input: [batch, ...check.inputShape], ...weightShapes, ...stateShapes };
  const graph = new GraphBuilder();
  for (const [name, shape] of Object.entries(shapes)) graph.input(name, 'float32', shape);
  const { output } = applyNetwork(graph, part, 'input', { device, training: false });
  graph.output('output', graph.node('Identity', [output]), 'float32', [batch, ...outputShape]);
  return (await runGraph(graph, tensors(values, shapes))).output as Float32Array;
}

/** All outputs of `graph` by name. */
async function runGraph(
  graph: GraphBuilder,
  feeds: Record<string, ort.Tensor>,
): Promise<Record<string, Float32Array>> {
  const session = await ort.InferenceSession.create(graph.encode('test'));
  const fetched = await session.run(feeds);
  await session.release();
  return Object.fromEntries(
    Object.entries(fetched).map(([name, tensor]) => [name, tensor.data as Float32Array]),
  );
}

function floatTensor(values: ArrayLike<number>, shape: readonly number[]): ort.Tensor {
  return new ort.Tensor('float32', Float32Array.from(values), shape);
}

function tensors(values: Tensors, shapes: Shapes): Record<string, ort.Tensor> {
  return Object.fromEntries(
    Object.entries(shapes).map(([name, shape]) => [name, floatTensor(values[name] ?? [], shape)]),
  );
}

function withPrefix(prefix: string, fetched: Record<string, Float32Array>) {
  return Object.fromEntries(
    Object.entries(fetched)
      .filter(([name]) => name.startsWith(`${prefix}/`))
      .map(([name, data]) => [name.slice(prefix.length + 1), data]),
  );
}

let state = 1;

/** Numbers in [-1, 1) that float32 holds exactly (Park and Miller's "minimal standard"). */
export function randomValues(count: number): Float64Array {
  return Float64Array.from({ length: count }, () => {
    state = (state * 48271) % 0x7fff_ffff;
    return Math.fround((2 * state) / 0x7fff_ffff - 1);
  });
}
