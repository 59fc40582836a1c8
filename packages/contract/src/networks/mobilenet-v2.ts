import type { NetworkDescription, NetworkNode } from '../network/network-description';

/** Expansion, output channels, repeats, stride of the first: table 2 of the paper. */
const STAGES = [
  [1, 16, 1, 1],
  [6, 24, 2, 2],
  [6, 32, 3, 2],
  [6, 64, 4, 2],
  [6, 96, 3, 1],
  [6, 160, 3, 2],
  [6, 320, 1, 1],
] as const;

/**
 * MobileNetV2 with torchvision's weight names, so that its state dicts load as they are.
 *
 * Source: Sandler et al. 2018, "MobileNetV2: inverted residuals and linear bottlenecks";
 * https://docs.pytorch.org/vision/stable/models/mobilenetv2.html
 */
export function mobilenetV2(): NetworkDescription {
  const blocks = STAGES.flatMap(([expansion, channels, repeats, stride]) =>
    Array.from({ length: repeats }, (_, index) => ({
      expansion,
      channels,
      stride: index === 0 ? stride : 1,
    })),
  );
  let inputs = 32;
  let input = 'features.0.2';
  const body = blocks.flatMap((options, index) => {
    const nodes = block(`features.${index + 1}`, input, inputs, options);
    inputs = options.channels;
    input = nodes.at(-1)?.name as string;
    return nodes;
  });
  return {
    schemaVersion: 1,
    name: 'mobilenet-v2',
    nodes: [
      ...convolution('features.0', 32, { kernelSize: 3, stride: 2 }),
      { name: 'features.0.2', type: 'relu6' },
      ...body,
      ...convolution('features.18', 1280, { kernelSize: 1 }),
      { name: 'features.18.2', type: 'relu6' },
      { type: 'globalAveragePool' },
      { type: 'flatten' },
      { name: 'classifier.0', type: 'dropout', rate: 0.2 },
      { name: 'classifier.1', type: 'dense', units: 'classes' },
    ],
  };
}

interface BlockOptions {
  readonly expansion: number;
  readonly channels: number;
  readonly stride: number;
}

/** Expansion 1×1, depthwise 3×3, projection 1×1, and the input added where the shape stays. */
function block(
  block: string,
  input: string,
  inputs: number,
  { expansion, channels, stride }: BlockOptions,
): NetworkNode[] {
  const hidden = inputs * expansion;
  const name = `${block}.conv`;
  const depthwise = expansion === 1 ? 0 : 1;
  const expand: NetworkNode[] =
    expansion === 1
      ? []
      : [
          ...convolution(`${name}.0`, hidden, { kernelSize: 1 }),
          { name: `${name}.0.2`, type: 'relu6' },
        ];
  const normalised = `${name}.${depthwise + 2}`;
  return [
    ...expand,
    ...convolution(`${name}.${depthwise}`, hidden, { kernelSize: 3, stride, groups: hidden }),
    { name: `${name}.${depthwise}.2`, type: 'relu6' },
    { name: `${name}.${depthwise + 1}`, type: 'conv2d', channels, kernelSize: 1, bias: false },
    { name: normalised, type: 'batchNorm' },
    ...(stride === 1 && inputs === channels
      ? [{ name: block, type: 'add', inputs: [normalised, input] } as const]
      : []),
  ];
}

/** A convolution without bias that keeps the size at stride 1, called `NAME.0`, and its normalisation, `NAME.1`. */
function convolution(
  name: string,
  channels: number,
  { kernelSize, stride = 1, groups = 1 }: { kernelSize: number; stride?: number; groups?: number },
): NetworkNode[] {
  const padding = (kernelSize - 1) / 2;
  return [
    {
      name: `${name}.0`,
      type: 'conv2d',
      channels,
      kernelSize,
      stride,
      padding,
      groups,
      bias: false,
    },
    { name: `${name}.1`, type: 'batchNorm' },
  ];
}
