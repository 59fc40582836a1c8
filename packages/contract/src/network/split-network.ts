import { assertArgument } from '../errors';
import { elementCount } from '../weights';
import { IMAGE, type NetworkDescription, type NetworkNode } from './network-description';
import { type Network, type ResolvedNode, resolveNetwork } from './resolve-network';

/**
 * Which layers training changes: all of them, the last dense one (`head`), or the last N that have weights (`last:3`;
 * a normalisation belongs to the convolution before it). Layers that stand side by side in one block are trained together.
 */
export type TrainedLayers = 'all' | 'head' | `last:${number}`;

/** A network in two: what stays as it is, and what is trained on the features that it computes. */
export interface SplitNetwork {
  /** From images to features, as if they were its classes. */
  readonly trunk: Network;
  /** From features to logits. */
  readonly tail: Network;
}

/**
 * `network` before and behind the layers that are trained; nothing where all are.
 *
 * @throws `INVALID_ARGUMENT` where `trained` says nothing that can be trained
 */
export function splitNetwork(network: Network, trained: TrainedLayers): SplitNetwork | undefined {
  const count = trainedCount(trained);
  const { nodes } = network;
  const cut = nodes.findLastIndex(
    (_, at) =>
      isCut(nodes, at) && layersBehind(nodes, at) >= count && nodes[at]?.type !== 'dropout',
  );
  if (cut < 0 || layersBefore(nodes, cut) === 0) return undefined;
  return { trunk: trunkOf(network, cut), tail: tailOf(network, cut) };
}

/** As many layers as there are where all are trained. @throws `INVALID_ARGUMENT` */
function trainedCount(trained: TrainedLayers): number {
  if (trained === 'all') return Number.POSITIVE_INFINITY;
  if (trained === 'head') return 1;
  const count = Number(/^last:(\d+)$/.exec(trained)?.[1] ?? 0);
  assertArgument(
    count >= 1,
    `What is trained must be all, head, or last:N with a whole number N ≥ 1, not ${trained}.`,
  );
  return count;
}

/** Whether all behind `nodes[at]` reads nothing before but it. */
function isCut(nodes: readonly ResolvedNode[], at: number): boolean {
  const behind = nodes.slice(at + 1);
  const known = new Set([nodes[at]?.name, ...behind.map(({ name }) => name)]);
  return behind.length > 0 && behind.every(({ inputs }) => inputs.every((name) => known.has(name)));
}

function isLayer({ type }: ResolvedNode): boolean {
  return type === 'conv2d' || type === 'dense';
}

function layersBehind(nodes: readonly ResolvedNode[], at: number): number {
  return nodes.slice(at + 1).filter(isLayer).length;
}

function layersBefore(nodes: readonly ResolvedNode[], at: number): number {
  return nodes.slice(0, at + 1).filter(isLayer).length;
}

function trunkOf(network: Network, cut: number): Network {
  const { description, nodes } = network;
  const { name, outputShape } = nodes[cut] as ResolvedNode;
  const kept = explicitNodes(network).slice(0, cut + 1);
  const flat: NetworkNode[] =
    outputShape.length === 1 ? [] : [{ name: 'features', type: 'flatten', inputs: [name] }];
  const trunk: NetworkDescription = {
    ...description,
    name: `${description.name}, frozen layers`,
    nodes: [...kept, ...flat],
  };
  return resolveNetwork(trunk, network, elementCount(outputShape));
}

function tailOf(network: Network, cut: number): Network {
  const { description, nodes, classCount } = network;
  const { name, outputShape } = nodes[cut] as ResolvedNode;
  const rest = explicitNodes(network).slice(cut + 1);
  const tail: NetworkDescription = {
    schemaVersion: 1,
    name: `${description.name}, trained layers`,
    features: outputShape,
    nodes: rest.map((node) => ({
      ...node,
      inputs: (node.inputs ?? []).map((input) => (input === name ? IMAGE : input)),
    })),
  };
  return resolveNetwork(tail, network, classCount);
}

/** The description's nodes, each with its name and inputs. */
function explicitNodes({ description, nodes }: Network): NetworkNode[] {
  return description.nodes.map((node, at) => {
    const { name, inputs } = nodes[at] as ResolvedNode;
    return { ...node, name, inputs };
  });
}
