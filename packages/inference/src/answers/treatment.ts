import type { Activation, ImageModel } from '@dlcmp/contract';

/** How images go into a model and answers come out of it: as its description says, or with a fault that is tried out. */
export interface Treatment {
  readonly model: ImageModel;
  /** What is done to the output, in this order. */
  readonly activations: readonly Activation[];
  /** Whether values in the order of one layout are read in the other's. */
  readonly isMisread: boolean;
  /** Whether rows stand for columns; of square images. */
  readonly isTransposed: boolean;
  /** Whether images stand upright by EXIF, or as they are stored. */
  readonly orientation: 'upright' | 'stored';
}

/** What the description says. */
export function treatmentOf(model: ImageModel): Treatment {
  return {
    model,
    activations: [model.activation],
    isMisread: false,
    isTransposed: false,
    orientation: 'upright',
  };
}
