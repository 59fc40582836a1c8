import type { CnnArchitecture } from '@dlcmp/contract';
import { fusesConvolutions } from '../nodes/backend-kernels';
import { channelBias } from '../nodes/channel-bias';
import { conv2d } from '../nodes/conv2d';
import { fusedConvolutionBlock } from '../nodes/convolution-block';
import { dense } from '../nodes/dense';
import { dropout } from '../nodes/dropout';
import { flatten } from '../nodes/flatten';
import { maxPool2d } from '../nodes/max-pool';
import { relu } from '../nodes/relu';
import { type Network, sequential } from './apply-network';
import type { Layer } from './operation';

/**
 * The contract's `simple-cnn`, from normalised images [count × height × width × 3] to logits
 * [count × classes]: three convolution blocks, then two dense layers.
 */
export function simpleCnn({ dropoutRate }: CnnArchitecture): Network {
  return (input, context) => {
    const fused = fusesConvolutions(context.tf) && !context.poolFirst;
    const block = fused ? fusedBlock : pooledFirstBlock;
    const layers = [
      ...['conv1', 'conv2', 'conv3'].flatMap(block),
      flatten(),
      ...biasedDense('fc1'),
      relu(),
      dropout(dropoutRate),
      ...biasedDense('fc2'),
    ];
    return sequential(layers)(input, context);
  };
}

function fusedBlock(name: string): Layer[] {
  return [fusedConvolutionBlock(name)];
}

/**
 * Convolution, ReLU, pooling. Bias and ReLU keep order, so that max(relu(x + b)) is relu(max(x) + b):
 * pooling first leaves a quarter of the values to the others.
 */
function pooledFirstBlock(name: string): Layer[] {
  return [conv2d(name), maxPool2d(), channelBias(name), relu()];
}

function biasedDense(name: string): Layer[] {
  return [dense(name), channelBias(name)];
}
