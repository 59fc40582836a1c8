import {
  type ImageModel,
  NORMALISATION_NAMES,
  normalisationOf,
  type PixelNormalisation,
} from '@dlcmp/contract';
import type { FaultId } from './fault-id';

/** Blue, green and red of bytes, as Caffe's ImageNet models and Keras' mode of that name take them. */
export const CAFFE: PixelNormalisation = {
  scale: 1,
  mean: [123.68, 116.779, 103.939],
  standardDeviation: [1, 1, 1],
};

/** Of OpenAI's CLIP, https://github.com/openai/CLIP. */
const CLIP: PixelNormalisation = {
  scale: 255,
  mean: [0.48145466, 0.4578275, 0.40821073],
  standardDeviation: [0.26862954, 0.26130258, 0.27577711],
};

type NormalisationFault = [FaultId, string, PixelNormalisation];

/** Each other way to bring bytes into a range; those that come to the same are tried once. */
export function normalisationFaults({
  normalisation,
  channels,
  elementType,
}: ImageModel): NormalisationFault[] {
  if (elementType === 'uint8') return [];
  const faults = [
    ...leftOut(normalisation),
    ...repeated(normalisation),
    ...otherScales(normalisation),
    ...otherUnits(normalisation),
    ...otherSigns(normalisation),
    ...wellKnown(channels),
  ];
  return faults.filter(
    ([, , one], index) =>
      !same(one, normalisation) && faults.findIndex(([, , other]) => same(one, other)) === index,
  );
}

export function same(left: PixelNormalisation, right: PixelNormalisation): boolean {
  return JSON.stringify(left) === JSON.stringify(right);
}

const zeros = (mean: readonly number[]) => mean.map(() => 0);
const ones = (mean: readonly number[]) => mean.map(() => 1);

function leftOut(all: PixelNormalisation): NormalisationFault[] {
  const { scale, mean } = all;
  const bare = { scale, mean: zeros(mean), standardDeviation: ones(mean) };
  return [
    ['mean-left-out', 'mean and deviation were left out', bare],
    ['mean-left-out', 'the mean was left out', { ...all, mean: bare.mean }],
    [
      'mean-left-out',
      'the deviation was left out',
      { ...all, standardDeviation: bare.standardDeviation },
    ],
  ];
}

function repeated(all: PixelNormalisation): NormalisationFault[] {
  const { scale, mean } = all;
  return [
    ['normalised-twice', 'pixels were normalised twice', twice(all)],
    [
      'normalised-twice',
      'the mean was taken away twice',
      { ...all, mean: mean.map((value) => 2 * value) },
    ],
    ['normalised-twice', `pixels were divided by ${scale} twice`, { ...all, scale: scale * scale }],
  ];
}

/** ((x - m) / d - m) / d is (x - (m + m · d)) / d². */
function twice({ scale, mean, standardDeviation }: PixelNormalisation): PixelNormalisation {
  return {
    scale,
    mean: mean.map((value, channel) => value * (1 + (standardDeviation[channel] as number))),
    standardDeviation: standardDeviation.map((value) => value * value),
  };
}

const SCALES = [255, 256, 127.5, 128];

function otherScales(all: PixelNormalisation): NormalisationFault[] {
  const bare = { mean: zeros(all.mean), standardDeviation: ones(all.mean) };
  return [
    [
      'other-range',
      `pixels were not divided by ${all.scale} before they were normalised`,
      { ...all, scale: 1 },
    ],
    ...SCALES.flatMap((scale): NormalisationFault[] => [
      ['other-range', `pixels were divided by ${scale}, not ${all.scale}`, { ...all, scale }],
      ['other-range', `pixels were divided by ${scale}, and that was all`, { ...bare, scale }],
    ]),
  ];
}

/** Mean and deviation of bytes, 0–255, for those of 0–1, or the other way. */
function otherUnits(all: PixelNormalisation): NormalisationFault[] {
  const { scale, mean, standardDeviation } = all;
  const [factor, units] = scale === 1 ? [1 / 255, '0 to 1'] : [scale, `bytes`];
  const scaled = (values: readonly number[]) => values.map((value) => value * factor);
  const scaledMean = { ...all, mean: scaled(mean) };
  const onBytes = { ...scaledMean, scale: 1 };
  return [
    ['other-range', `the mean was in units of ${units}`, scaledMean],
    [
      'other-range',
      `mean and deviation were in units of ${units}`,
      { ...scaledMean, standardDeviation: scaled(standardDeviation) },
    ],
    ['other-range', 'pixels were not divided, and the mean was in units of bytes', onBytes],
    [
      'other-range',
      'of bytes the mean alone was taken away',
      { ...onBytes, standardDeviation: ones(mean) },
    ],
  ];
}

function otherSigns(all: PixelNormalisation): NormalisationFault[] {
  const { mean, standardDeviation } = all;
  return [
    ['other-range', 'the mean was added', { ...all, mean: mean.map((value) => -value) }],
    [
      'other-range',
      'pixels were multiplied by the deviation, not divided',
      { ...all, standardDeviation: standardDeviation.map((value) => 1 / value) },
    ],
    [
      'other-range',
      'pixels were divided by the variance, not the deviation',
      { ...all, standardDeviation: standardDeviation.map((value) => value * value) },
    ],
  ];
}

function wellKnown(channels: ImageModel['channels']): NormalisationFault[] {
  const each = (value: number) => (channels === 'grey' ? [value] : [value, value, value]);
  const names = NORMALISATION_NAMES.filter((name) => name !== 'imagenet' || channels !== 'grey');
  const around = (middle: number): NormalisationFault => [
    'other-range',
    `pixels were normalised as (byte - ${middle}) / 128`,
    { scale: 1, mean: each(middle), standardDeviation: each(128) },
  ];
  return [
    ...names.map(
      (name): NormalisationFault => [
        'other-range',
        `pixels were normalised as ${name}`,
        normalisationOf(name, channels),
      ],
    ),
    ...[127, 127.5, 128].map(around),
    ...(channels === 'grey'
      ? []
      : ([['other-range', "pixels were normalised by CLIP's mean and deviation", CLIP]] as const)
    ).map(([id, words, normalisation]): NormalisationFault => [id, words, normalisation]),
  ];
}
