import { elementCount, type Network, type ResolvedNode } from '@dlcmp/contract';

/** Floating-point operations of one image's way through `network`, a product and its sum counted as two. */
export function forwardOperations(network: Network): number {
  return network.nodes.reduce((sum, node) => sum + nodeOperations(node), 0);
}

/** Of a training step for each image: backward computes two products where forward computes one. */
export function trainingOperations(network: Network): number {
  return 3 * forwardOperations(network);
}

function nodeOperations({ type, inputShapes, outputShape, window, options }: ResolvedNode): number {
  const outputs = elementCount(outputShape);
  const [input = []] = inputShapes;
  if (type === 'dense') return 2 * outputs * elementCount(input);
  const [rows, columns] = window?.kernelSize ?? [1, 1];
  if (type !== 'conv2d') return outputs * rows * columns;
  const channels = (input[0] as number) / (options.groups as number);
  return 2 * outputs * channels * rows * columns;
}
