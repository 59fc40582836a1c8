import type { ResolvedNode } from '@dlcmp/contract';
import type { Value } from '../../onnx/graph-builder';
import { convolutionInputGradient } from './convolution-input-gradient';
import { convolutionWeightGradient } from './convolution-weight-gradient';
import { depthwiseByPositions, isSmallDepthwise } from './depthwise-by-positions';
import type { ApplyNode } from './graph-node';
import { sumPerChannel } from './per-channel';
import { padUneven } from './uneven-padding';
import { convolutionAttributes, windowOf } from './window';

/**
 * Convolution of stride s and dilation d; group g of the output channels sees group g of the input's:
 *
 *     y[n,o,i,j] = b[o] + Σ_{c,p,q} W[o,c,p,q] · x[n,c,s·i+d·p,s·j+d·q]        with x padded by zeros
 *     ∂b[o] = Σ_{n,i,j} ∂y[n,o,i,j];   ∂W: {@link convolutionWeightGradient};   ∂x: {@link convolutionInputGradient}
 *
 * Source: Dumoulin and Visin 2016, "A guide to convolution arithmetic for deep learning";
 * https://pytorch.org/docs/stable/generated/torch.nn.Conv2d.html
 */
export const conv2d: ApplyNode = ([input], { graph, node, mode }) => {
  const x = input as Value;
  if (mode.training && mode.device === 'cpu' && isSmallDepthwise(node))
    return depthwiseByPositions(graph, node, x);
  const [weight, bias] = [`${node.name}.weight`, `${node.name}.bias`];
  const biased = node.options.bias === true;
  const padded = padUneven(graph, mode.device, x, windowOf(node));
  return {
    output: graph.node('Conv', [padded.input, weight, ...(biased ? [bias] : [])], {
      ...convolutionAttributes(padded.window),
      group: groupsOf(node),
    }),
    backward: (outputGradient) => ({
      weights: {
        [weight]: convolutionWeightGradient(graph, node, mode.device, x, outputGradient),
        ...(biased && { [bias]: sumPerChannel(graph, outputGradient) }),
      },
      inputs: [() => convolutionInputGradient(graph, node, mode.device, weight, outputGradient)],
    }),
  };
};

export function groupsOf({ options }: ResolvedNode): number {
  return options.groups as number;
}
