import {
  type Activation,
  type ImageModel,
  NORMALISATION_NAMES,
  normalisationOf,
  type PixelNormalisation,
  RESIZE_FILTERS,
} from '@dlcmp/contract';
import type { Treatment } from '../answers/treatment';

/** What commonly goes wrong between a model and its user. */
export type FaultId =
  | 'channels-swapped'
  | 'mean-left-out'
  | 'normalised-twice'
  | 'other-range'
  | 'other-resize'
  | 'other-crop'
  | 'layout-misread'
  | 'softmax-twice'
  | 'other-activation'
  | 'other-output'
  | 'class-names-shuffled'
  | 'exif-ignored';

/** A fault as it is tried out. */
export interface FaultVariation {
  readonly id: FaultId;
  /** Completes "It is as if …". */
  readonly words: string;
  readonly treatment: Treatment;
}

/**
 * Each common fault, done to `treatment`; those that would change nothing are left out.
 *
 * @param outputs names of the outputs that hold a row of floats an image
 */
export function faultVariations(
  treatment: Treatment,
  outputs: readonly string[],
): FaultVariation[] {
  const { model } = treatment;
  const withModel = (changed: Partial<ImageModel>) => ({
    ...treatment,
    model: { ...model, ...changed },
  });
  return [
    ...channelFaults(model).map(([words, changed]) => ({
      id: 'channels-swapped' as const,
      words,
      treatment: withModel(changed),
    })),
    ...normalisationFaults(model).map(([id, words, normalisation]) => ({
      id,
      words,
      treatment: withModel({ normalisation }),
    })),
    ...resizeFaults(model).map(([id, words, resize]) => ({
      id,
      words,
      treatment: withModel({ resize }),
    })),
    {
      id: 'layout-misread',
      words: `the values of images in the order ${model.layout === 'NCHW' ? 'NHWC' : 'NCHW'} were read as ${model.layout}`,
      treatment: { ...treatment, isMisread: !treatment.isMisread },
    },
    ...activationFaults(treatment).map(([id, words, activations]) => ({
      id,
      words,
      treatment: { ...treatment, activations },
    })),
    ...outputs
      .filter((output) => output !== model.output)
      .map((output) => ({
        id: 'other-output' as const,
        words: `the output "${output}" was taken instead of "${model.output}"`,
        treatment: withModel({ output }),
      })),
    {
      id: 'exif-ignored',
      words: "images were not turned upright by EXIF's orientation",
      treatment: {
        ...treatment,
        orientation: treatment.orientation === 'stored' ? 'upright' : 'stored',
      },
    },
  ];
}

type ChannelFault = [words: string, changed: Partial<ImageModel>];

/** The mean may go with the colour or stay at its place. */
function channelFaults({ channels, normalisation }: ImageModel): ChannelFault[] {
  if (channels === 'grey') return [];
  const other = channels === 'RGB' ? 'BGR' : 'RGB';
  const words = `red and blue were swapped (${other} for ${channels})`;
  const { scale, mean, standardDeviation } = normalisation;
  const swapped = {
    scale,
    mean: [...mean].reverse(),
    standardDeviation: [...standardDeviation].reverse(),
  };
  return [
    [words, { channels: other }],
    [`${words}, mean and deviation not`, { channels: other, normalisation: swapped }],
    ...(same(swapped, normalisation)
      ? []
      : ([
          ['mean and deviation stood in the other order of colours', { normalisation: swapped }],
        ] satisfies ChannelFault[])),
  ];
}

type NormalisationFault = [FaultId, string, PixelNormalisation];

function normalisationFaults({
  normalisation,
  channels,
  elementType,
}: ImageModel): NormalisationFault[] {
  if (elementType === 'uint8') return [];
  const { scale, mean } = normalisation;
  const zeros = mean.map(() => 0);
  const ones = mean.map(() => 1);
  const faults: NormalisationFault[] = [
    [
      'mean-left-out',
      'mean and deviation were left out',
      { scale, mean: zeros, standardDeviation: ones },
    ],
    ['mean-left-out', 'the mean was left out', { ...normalisation, mean: zeros }],
    ['mean-left-out', 'the deviation was left out', { ...normalisation, standardDeviation: ones }],
    ['normalised-twice', 'pixels were normalised twice', twice(normalisation)],
    [
      'normalised-twice',
      'the mean was taken away twice',
      { ...normalisation, mean: mean.map((value) => 2 * value) },
    ],
    [
      'normalised-twice',
      `pixels were divided by ${scale} twice`,
      { ...normalisation, scale: scale * scale },
    ],
    [
      'other-range',
      'pixels were not divided by 255 before they were normalised',
      { ...normalisation, scale: 1 },
    ],
    ...NORMALISATION_NAMES.filter((name) => name !== 'imagenet' || channels !== 'grey').map(
      (name): NormalisationFault => [
        'other-range',
        `pixels were normalised as ${name}`,
        normalisationOf(name, channels),
      ],
    ),
  ];
  return faults.filter(
    ([, , one], index) =>
      !same(one, normalisation) && faults.findIndex(([, , other]) => same(one, other)) === index,
  );
}

/** ((x - m) / d - m) / d is (x - (m + m · d)) / d². */
function twice({ scale, mean, standardDeviation }: PixelNormalisation): PixelNormalisation {
  return {
    scale,
    mean: mean.map((value, channel) => value * (1 + (standardDeviation[channel] as number))),
    standardDeviation: standardDeviation.map((value) => value * value),
  };
}

function same(left: PixelNormalisation, right: PixelNormalisation): boolean {
  return JSON.stringify(left) === JSON.stringify(right);
}

/** Usual shorter sides before the middle is cut out, for an image of 224: 224, 256. */
const CROP_SHARES = [1, 0.875];

function resizeFaults({
  resize,
  inputHeight,
  inputWidth,
}: ImageModel): [FaultId, string, ImageModel['resize']][] {
  const longer = Math.max(inputHeight, inputWidth);
  const sides = CROP_SHARES.map((share) => Math.floor(longer / share));
  const cropped = (['crop', 'stretch-crop'] as const).flatMap((fit) =>
    sides
      .filter((side) => fit !== 'stretch-crop' || side > longer)
      .filter((side) => resize.fit !== fit || side !== (resize.shorterSide ?? longer))
      .map((shorterSide) => ({ fit, shorterSide })),
  );
  return [
    ...RESIZE_FILTERS.filter((filter) => filter !== resize.filter).map(
      (filter): [FaultId, string, ImageModel['resize']] => [
        'other-resize',
        `images were resized by the filter ${filter}, not ${resize.filter}`,
        { ...resize, filter },
      ],
    ),
    ...cropped.map(({ fit, shorterSide }): [FaultId, string, ImageModel['resize']] => [
      'other-crop',
      fit === 'crop'
        ? `the middle was cut out of images whose shorter side was ${shorterSide}`
        : `the middle was cut out of images that were stretched to ${shorterSide}×${shorterSide}`,
      { filter: resize.filter, fit, shorterSide },
    ]),
    ...(resize.fit !== 'stretch'
      ? [
          [
            'other-crop',
            'whole images were stretched',
            { filter: resize.filter, fit: 'stretch' },
          ] as [FaultId, string, ImageModel['resize']],
        ]
      : []),
  ];
}

function activationFaults({ activations }: Treatment): [FaultId, string, Activation[]][] {
  const [first = 'none'] = activations;
  const others = (['softmax', 'sigmoid', 'none'] as const).filter((one) => one !== first);
  return [
    ['softmax-twice', 'probabilities went through softmax once more', [...activations, 'softmax']],
    ...others.map((activation): [FaultId, string, Activation[]] => [
      'other-activation',
      `the output was read with activation ${activation}, not ${first}`,
      [activation],
    ]),
    ['softmax-twice', 'scores went through softmax twice', ['softmax', 'softmax']],
  ];
}
