import {
  assertArgument,
  assertLabelledImages,
  type CnnArchitecture,
  type ModelSpec,
  type TrainingBatch,
} from '@dlcmp/contract';

/** Throws `INVALID_ARGUMENT` unless `batch` can train a classifier of `spec`. */
export function assertTrainingBatch(
  { pixels, labels, masks: { dropout: dropoutKeep = new Uint8Array(0) }, size }: TrainingBatch,
  spec: ModelSpec & CnnArchitecture,
): void {
  assertLabelledImages({ pixels, labels, count: size }, spec, spec.classNames.length);
  const units = size * spec.hiddenUnits;
  assertArgument(
    dropoutKeep instanceof Uint8Array && dropoutKeep.length === units,
    `dropoutKeep must be a Uint8Array of ${units} values, one for each image and hidden unit.`,
  );
}
