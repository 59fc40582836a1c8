import type { Activation, ImageModel } from '@dlcmp/contract';
import type { Treatment } from '../answers/treatment';
import type { FaultId } from './fault-id';
import { CAFFE, normalisationFaults, same } from './normalisation-faults';
import { resizeFaults } from './resize-faults';

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
    ...(model.inputHeight === model.inputWidth
      ? [
          {
            id: 'layout-misread' as const,
            words: 'rows and columns were swapped (width before height)',
            treatment: { ...treatment, isTransposed: !treatment.isTransposed },
          },
        ]
      : []),
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
    [
      `${words}, and of bytes the mean alone taken away, as Caffe does`,
      { channels: other, normalisation: CAFFE },
    ],
    ...(same(swapped, normalisation)
      ? []
      : ([
          ['mean and deviation stood in the other order of colours', { normalisation: swapped }],
        ] satisfies ChannelFault[])),
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
    ['other-activation', 'probabilities went through sigmoid too', [...activations, 'sigmoid']],
    ['other-activation', 'scores went through sigmoid, then softmax', ['sigmoid', 'softmax']],
  ];
}
