import { type CompletedTrial, type EpochMeasurement, METRICS } from '@dlcmp/bench-core';

/** What trackers are told of an epoch, by the name they show. */
export function epochScalars(epoch: EpochMeasurement): Record<string, number> {
  return {
    'epoch/train_loss': epoch.trainLoss,
    ...(epoch.validationLoss !== undefined && { 'epoch/validation_loss': epoch.validationLoss }),
    'epoch/test_accuracy': epoch.accuracy,
    'epoch/train_images_per_second': epoch.trainImagesPerSecond,
  };
}

/** What trackers are told of a whole trial. */
export function trialScalars(trial: CompletedTrial): Record<string, number> {
  return Object.fromEntries(
    Object.values(METRICS).map((metric) => [`trial/${metric.id}`, metric.value(trial)]),
  );
}
