import { assertCnnSpec, type ModelSpec } from '@dlcmp/contract';
import { conv2d } from '../layers/conv2d';
import { dense } from '../layers/dense';
import { dropout } from '../layers/dropout';
import { flatten } from '../layers/flatten';
import type { LayerList } from '../layers/layer';
import { maxPool2d } from '../layers/max-pool2d';
import { relu } from '../layers/relu';
import { type Network, sequential } from '../layers/sequential';

/** Name of the dropout layer, which decides the name of its mask. */
export const DROPOUT = 'dropout';

/**
 * The contract's `simple-cnn`: three blocks of convolution, ReLU and pooling, then two dense layers.
 *
 * @throws `INVALID_ARGUMENT` where the spec is out of range
 */
export function simpleCnn(spec: ModelSpec): Network {
  const { channels, hiddenUnits, dropoutRate } = assertCnnSpec(spec);
  return sequential(
    [3, spec.inputHeight, spec.inputWidth],
    [
      ...channels.map((count, index) => convolutionBlock(`conv${index + 1}`, count)),
      flatten(),
      dense({ name: 'fc1', units: hiddenUnits }),
      relu(),
      dropout({ name: DROPOUT, rate: dropoutRate }),
      dense({ name: 'fc2', units: spec.classNames.length }),
    ],
  );
}

function convolutionBlock(name: string, channels: number): LayerList {
  return [conv2d({ name, channels }), relu(), maxPool2d()];
}
