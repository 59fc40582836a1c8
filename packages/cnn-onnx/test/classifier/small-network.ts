import type { LayerList } from '../../src/layers';
import {
  averagePool2d,
  batchNorm2d,
  conv2d,
  dense,
  dropout,
  globalAveragePool,
  maxPool2d,
  relu,
} from '../../src/layers';
import { SMALL_SPEC } from '../small-spec';

/** Every kind of layer, small enough to train in milliseconds. */
export const SMALL_LAYERS: LayerList = [
  [conv2d({ name: 'conv1', channels: 4, bias: false }), batchNorm2d({ name: 'bn1' }), relu()],
  maxPool2d({ size: 3, stride: 2, padding: 1 }),
  conv2d({ name: 'conv2', channels: 6, stride: 2 }),
  relu(),
  dropout({ name: 'drop', rate: 0.2 }),
  averagePool2d({ size: 2, stride: 1 }),
  globalAveragePool(),
  dropout({ rate: 0.3 }),
  dense({ name: 'fc', units: SMALL_SPEC.classNames.length }),
];

/** A spec of {@link SMALL_LAYERS} for `smallImages`. */
export const SMALL_SEQUENTIAL = {
  inputHeight: SMALL_SPEC.inputHeight,
  inputWidth: SMALL_SPEC.inputWidth,
  classNames: SMALL_SPEC.classNames,
  seed: SMALL_SPEC.seed,
  layers: SMALL_LAYERS,
};
