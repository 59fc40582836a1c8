import type { CnnArchitecture } from '@dlcmp/bench-core/contract';
import { channelBias } from '../layers/channel-bias';
import { conv2d } from '../layers/conv2d';
import { dense } from '../layers/dense';
import { dropout } from '../layers/dropout';
import { flatten } from '../layers/flatten';
import type { Layer } from '../layers/layer';
import { maxPool2d } from '../layers/max-pool2d';
import { relu } from '../layers/relu';
import { type Network, sequential } from '../layers/sequential';

/**
 * The contract's `simple-cnn`, from normalised images [count × height × width × 3] to logits
 * [count × classes]: three convolution blocks, then two dense layers.
 */
export function simpleCnn({ dropoutRate }: CnnArchitecture): Network {
  return sequential([
    ...convolutionBlock('conv1'),
    ...convolutionBlock('conv2'),
    ...convolutionBlock('conv3'),
    flatten(),
    ...biasedDense('fc1'),
    relu(),
    dropout(dropoutRate),
    ...biasedDense('fc2'),
  ]);
}

/**
 * Convolution, ReLU, pooling. Bias and ReLU keep order, so that max(relu(x + b)) is relu(max(x) + b):
 * pooling first leaves a quarter of the values to the others.
 */
function convolutionBlock(name: string): Layer[] {
  return [conv2d(name), maxPool2d(), channelBias(name), relu()];
}

function biasedDense(name: string): Layer[] {
  return [dense(name), channelBias(name)];
}
