import {
  assertCnnSpec,
  assertWeights,
  CHANNEL_MEAN,
  CHANNEL_STANDARD_DEVIATION,
  type ImageSize,
  type ModelSpec,
  sizeAfterBlocks,
  type Weights,
} from '@dlcmp/contract';
import { createConvolution } from './convolution';
import { createDense } from './dense';
import { createDropout } from './dropout';
import type { Layer, Parameter } from './layer';
import { createMaxPool } from './max-pool';
import { createRelu } from './relu';

/** `simple-cnn` in plain float64 TypeScript, one image at a time. */
export interface Network {
  /** By the contract's weight names. */
  readonly parameters: Readonly<Record<string, Parameter>>;
  /**
   * Logits of one image.
   *
   * @param image [height × width × 3] bytes
   * @param keep [hiddenUnits] dropout mask; absent, dropout is off
   */
  forward(image: Uint8Array, keep?: Uint8Array): Float64Array;
  /** Adds the latest image's share to the parameters' gradients. */
  backward(logitGradient: Float64Array): void;
  clearGradients(): void;
}

/** The network of `spec` with `weights` to begin with (copied). */
export function createNetwork(spec: ModelSpec, weights: Weights): Network {
  const { channels, dropoutRate } = assertCnnSpec(spec);
  assertWeights(weights, spec);
  const parameters = createParameters(weights);
  const parameter = (name: string) => parameters[name] as Parameter;
  const dropout = createDropout(dropoutRate);

  const blocks = [3, channels[0], channels[1]].flatMap((inputs, index): Layer[] => {
    const height = sizeAfterBlocks(spec.inputHeight, index);
    const width = sizeAfterBlocks(spec.inputWidth, index);
    const name = `conv${index + 1}`;
    return [
      createConvolution(
        { channels: inputs, height, width },
        parameter(`${name}.weight`),
        parameter(`${name}.bias`),
      ),
      createRelu(),
      createMaxPool({ channels: channels[index] as number, height, width }),
    ];
  });
  const layers: Layer[] = [
    ...blocks,
    createDense(parameter('fc1.weight'), parameter('fc1.bias')),
    createRelu(),
    dropout,
    createDense(parameter('fc2.weight'), parameter('fc2.bias')),
  ];

  return {
    parameters,
    forward(image, keep) {
      dropout.keep = keep;
      return layers.reduce((values, layer) => layer.forward(values), normalise(image, spec));
    },
    backward(logitGradient) {
      layers.reduceRight((gradient, layer) => layer.backward(gradient), logitGradient);
    },
    clearGradients() {
      for (const { gradient } of Object.values(parameters)) gradient.fill(0);
    },
  };
}

function createParameters(weights: Weights): Record<string, Parameter> {
  return Object.fromEntries(
    Object.entries(weights).map(([name, { data }]) => [
      name,
      { value: Float64Array.from(data), gradient: new Float64Array(data.length) },
    ]),
  );
}

/** [height × width × 3] bytes to normalised [3 × height × width]. */
function normalise(image: Uint8Array, { inputHeight, inputWidth }: ImageSize): Float64Array {
  const area = inputHeight * inputWidth;
  const volume = new Float64Array(3 * area);
  for (const channel of [0, 1, 2] as const) {
    const mean = CHANNEL_MEAN[channel];
    const deviation = CHANNEL_STANDARD_DEVIATION[channel];
    for (let at = 0; at < area; at++) {
      volume[channel * area + at] = ((image[at * 3 + channel] as number) / 255 - mean) / deviation;
    }
  }
  return volume;
}
