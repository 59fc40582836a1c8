import type { Network, NetworkDescription, NetworkNode, ResolvedNode } from '@dlcmp/contract';

/**
 * The description of `network` with nothing left to default: each node has its name, its inputs and all its options,
 * windows as pairs, padding by its four sides, units as a number. Who builds it needs to know no rule but what nodes compute.
 */
export function explicitDescription({
  description,
  normalisation,
  nodes,
  features,
}: Network): NetworkDescription {
  const { schemaVersion, name } = description;
  return {
    ...{ schemaVersion, name, normalisation },
    ...(features && { features: [...features] }),
    nodes: nodes.map(explicitNode),
  };
}

function explicitNode(node: ResolvedNode): NetworkNode {
  const { type, name, inputs, options, window, outputShape } = node;
  const { kernelSize, stride, padding, dilation } = window ?? {};
  return {
    ...{ type, name, inputs, ...options },
    ...(window && { kernelSize, stride, padding }),
    ...(window && 'dilation' in options && { dilation }),
    ...('units' in options && { units: outputShape[0] }),
  } as NetworkNode;
}
