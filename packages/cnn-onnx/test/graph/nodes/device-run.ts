import { elementCount } from '@dlcmp/contract';
import { applyNetwork } from '../../../src/graph/apply-network';
import type { Feeds, GraphDevice, Shapes } from '../../../src/graph/devices/graph-device';
import { BATCH_SIZE } from '../../../src/graph/value-names';
import { GraphBuilder } from '../../../src/onnx/graph-builder';
import { type NodeResults, type NodeRun, resolvePart } from './node-check';

/** Enough for a graph to be recorded, where a device records them. */
const RUNS = 4;

/** Runs nodes on a device, forward and backward, by its kernels alone. They have no dropout. */
export function runNodesOnDevice(device: GraphDevice, run: NodeRun): NodeResults {
  const { part, outputShape, weightShapes, stateShapes } = resolvePart(run);
  const batch = run.upstream.length / elementCount(outputShape);
  const weights: Shapes = { input: [batch, ...run.inputShape], ...weightShapes };
  const inputs: Shapes = { ...weights, ...stateShapes, upstream: [batch, ...outputShape] };
  const outputs: Shapes = {
    output: [batch, ...outputShape],
    ...withPrefix('gradient/', weights),
    ...withPrefix('state/', stateShapes),
  };
  const graph = new GraphBuilder();
  for (const [name, shape] of Object.entries(inputs)) graph.input(name, 'float32', shape);
  const batchSize = graph.input(BATCH_SIZE, 'float32', []);
  const mode = { device: device.id, training: true, batchSize } as const;
  const applied = applyNetwork(graph, part, 'input', mode);
  const back = applied.backward('upstream', true);
  const gradients = Object.entries(back.weights).map(([name, { gradient }]) => [name, gradient]);
  const values: Record<string, string> = {
    output: applied.output,
    ...withPrefix('gradient/', { input: back.input, ...Object.fromEntries(gradients) }),
    ...withPrefix('state/', applied.nextState),
  };
  for (const [name, shape] of Object.entries(outputs)) {
    graph.output(name, graph.node('Identity', [values[name] as string]), 'float32', shape);
  }
  const feeds: Feeds = Object.fromEntries(
    Object.entries({ ...inputs, [BATCH_SIZE]: [] }).map(([name, shape]) => [
      name,
      { type: 'float32', shape },
    ]),
  );
  const fed: Readonly<Record<string, ArrayLike<number>>> = {
    ...run.values,
    ...{ upstream: run.upstream, [BATCH_SIZE]: [batch] },
  };
  const data = Object.keys(feeds).map((name) => [name, Float32Array.from(fed[name] ?? [])]);
  const arrays = device.allocate(outputs);
  const bound = device.openGraph(graph.encode('nodes'), feeds, [
    { inputs: {}, outputs: arrays.tensors },
  ]);
  for (let round = 0; round < RUNS; round++) bound.run(Object.fromEntries(data));
  const read = Object.entries(arrays.read()).map(([name, { data }]) => [name, data] as const);
  bound.release();
  arrays.free();
  const results = Object.fromEntries(read);
  return {
    output: results.output as Float32Array,
    gradients: withoutPrefix('gradient/', results),
    nextState: withoutPrefix('state/', results),
  };
}

function withPrefix<Value>(prefix: string, values: Readonly<Record<string, Value>>) {
  return Object.fromEntries(
    Object.entries(values).map(([name, value]) => [`${prefix}${name}`, value]),
  );
}

function withoutPrefix<Value>(prefix: string, values: Readonly<Record<string, Value>>) {
  return Object.fromEntries(
    Object.entries(values)
      .filter(([name]) => name.startsWith(prefix))
      .map(([name, value]) => [name.slice(prefix.length), value]),
  );
}
