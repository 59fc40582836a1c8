import { IMAGE, type Network, type ResolvedNode } from '@dlcmp/contract';
import type { GraphBuilder, Value } from '../onnx/graph-builder';
import { NODES } from './nodes';
import type { AppliedNode, GraphMode } from './nodes/graph-node';

/** The part of a network that is added to a graph: all of it, or its nodes from one on. */
export interface NetworkPart {
  /** Each after those that it reads. */
  readonly nodes: readonly ResolvedNode[];
  /** Name by which they read what goes in. */
  readonly input: string;
}

/** All of `network`, from its normalised image on. */
export function wholeNetwork({ nodes }: Network): NetworkPart {
  return { nodes, input: IMAGE };
}

/** The gradient of one weight. */
export interface WeightGradient {
  readonly gradient: Value;
  /** What is computed from the weight besides, while gradients are: to be over before the weight is replaced. */
  readonly readers: readonly Value[];
}

/** Gradients of a network. */
export interface NetworkGradients {
  /** By the weight's full name. */
  readonly weights: Readonly<Record<string, WeightGradient>>;
  /** Of what went in, where asked for. */
  readonly input?: Value;
}

/** A network in the graph: its output, and a way to add its gradient. */
export interface AppliedNetwork {
  readonly output: Value;
  /** In training: what replaces each value of the state after this batch. */
  readonly nextState: Readonly<Record<string, Value>>;
  /** Adds the gradient of each weight, given that of the output; that of the input when asked. */
  backward(outputGradient: Value, wantsInput?: boolean): NetworkGradients;
}

/** Adds the nodes of `part` to `graph`, reading `input`. Weights and state are values of their own names. */
export function applyNetwork(
  graph: GraphBuilder,
  part: NetworkPart,
  input: Value,
  mode: GraphMode,
): AppliedNetwork {
  const values = new Map([[part.input, input]]);
  const applied = new Map<string, AppliedNode>();
  for (const node of part.nodes) {
    const inputs = node.inputs.map((name) => values.get(name) as Value);
    const added = NODES[node.type](inputs, { graph, node, mode });
    applied.set(node.name, added);
    values.set(node.name, added.output);
  }
  const nextStates = [...applied.values()].map(({ nextState }) => nextState);
  return {
    output: values.get(part.nodes.at(-1)?.name as string) as Value,
    nextState: Object.assign({}, ...nextStates),
    backward: (outputGradient, wantsInput = false) =>
      chainRule(graph, part, applied, outputGradient, wantsInput),
  };
}

/** Walks back from the last node; where several nodes read one, their gradients of it are added. */
function chainRule(
  graph: GraphBuilder,
  part: NetworkPart,
  applied: ReadonlyMap<string, AppliedNode>,
  outputGradient: Value,
  wantsInput: boolean,
): NetworkGradients {
  const wanted = nodesWithGradients(part, wantsInput);
  const weights: Record<string, WeightGradient> = {};
  const sums = new Map<string, Value>([[part.nodes.at(-1)?.name as string, outputGradient]]);
  const addTo = (name: string, gradient: Value) => {
    const sum = sums.get(name);
    sums.set(name, sum === undefined ? gradient : graph.node('Add', [sum, gradient]));
  };
  for (const node of part.nodes.toReversed()) {
    if (!wanted.has(node.name)) continue;
    const gradients = applied.get(node.name)?.backward(sums.get(node.name) as Value);
    const readers: Value[] = [];
    for (const [index, name] of node.inputs.entries()) {
      if (!wanted.has(name)) continue;
      const gradient = gradients?.inputs[index]?.() as Value;
      readers.push(gradient);
      addTo(name, gradient);
    }
    for (const [name, gradient] of Object.entries(gradients?.weights ?? {}))
      weights[name] = { gradient, readers };
  }
  const input = sums.get(part.input);
  return { weights, ...(input !== undefined && { input }) };
}

/** Types whose nodes have weights. */
const WITH_WEIGHTS: readonly string[] = ['conv2d', 'batchNorm', 'dense'];

/** Names of all whose gradient leads to a weight or, where that is wanted, to the input. */
function nodesWithGradients({ nodes, input }: NetworkPart, wantsInput: boolean): Set<string> {
  const wanted = new Set<string>(wantsInput ? [input] : []);
  for (const { name, type, inputs } of nodes) {
    if (WITH_WEIGHTS.includes(type) || inputs.some((read) => wanted.has(read))) wanted.add(name);
  }
  return wanted;
}
