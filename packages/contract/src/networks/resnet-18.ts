import type { NetworkDescription, NetworkNode } from '../network/network-description';

/**
 * ResNet-18 with torchvision's weight names, so that its state dicts load as they are.
 *
 * Source: He et al. 2016, "Deep residual learning for image recognition", table 1;
 * https://docs.pytorch.org/vision/stable/models/resnet.html
 */
export function resnet18(): NetworkDescription {
  const stages = [64, 128, 256, 512].map((channels, index) => ({
    name: `layer${index + 1}`,
    channels,
    stride: index === 0 ? 1 : 2,
  }));
  return {
    schemaVersion: 1,
    name: 'resnet-18',
    nodes: [
      convolution('conv1', 64, 7, 2),
      { name: 'bn1', type: 'batchNorm' },
      { name: 'stem', type: 'relu' },
      { name: 'maxpool', type: 'maxPool', kernelSize: 3, stride: 2, padding: 1 },
      ...stages.flatMap(({ name, channels, stride }, index) => [
        ...block(
          `${name}.0`,
          index === 0 ? 'maxpool' : `layer${index}.1`,
          channels,
          stride,
          index > 0,
        ),
        ...block(`${name}.1`, `${name}.0`, channels, 1, false),
      ]),
      { name: 'avgpool', type: 'globalAveragePool' },
      { type: 'flatten' },
      { name: 'fc', type: 'dense', units: 'classes' },
    ],
  };
}

/** Two convolutions and the way around them, `downsample` where the shape changes. Its last node is called `name`. */
function block(
  name: string,
  input: string,
  channels: number,
  stride: number,
  downsample: boolean,
): NetworkNode[] {
  return [
    { ...convolution(`${name}.conv1`, channels, 3, stride), inputs: [input] },
    { name: `${name}.bn1`, type: 'batchNorm' },
    { name: `${name}.relu1`, type: 'relu' },
    convolution(`${name}.conv2`, channels, 3, 1),
    { name: `${name}.bn2`, type: 'batchNorm' },
    ...(downsample
      ? [
          { ...convolution(`${name}.downsample.0`, channels, 1, stride), inputs: [input] },
          { name: `${name}.downsample.1`, type: 'batchNorm' } as const,
        ]
      : []),
    {
      name: `${name}.add`,
      type: 'add',
      inputs: [`${name}.bn2`, downsample ? `${name}.downsample.1` : input],
    },
    { name, type: 'relu' },
  ];
}

function convolution(name: string, channels: number, kernelSize: number, stride: number) {
  const padding = (kernelSize - 1) / 2;
  return { name, type: 'conv2d', channels, kernelSize, stride, padding, bias: false } as const;
}
