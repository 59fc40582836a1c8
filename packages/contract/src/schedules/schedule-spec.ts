import { type CosineScheduleOptions, cosineSchedule } from './cosine-schedule';
import { constantSchedule, type LearningRateSchedule } from './learning-rate-schedule';
import { type OneCycleScheduleOptions, oneCycleSchedule } from './one-cycle-schedule';

/** A schedule as data, which a file or a message can hold. */
export type ScheduleSpec =
  | { readonly kind: 'constant'; readonly learningRate: number }
  | ({ readonly kind: 'cosine' } & CosineScheduleOptions)
  | ({ readonly kind: 'one-cycle' } & OneCycleScheduleOptions);

/**
 * The schedule that `spec` describes.
 *
 * @throws `INVALID_ARGUMENT`
 */
export function scheduleOf(spec: ScheduleSpec): LearningRateSchedule {
  if (spec.kind === 'cosine') return cosineSchedule(spec);
  return spec.kind === 'one-cycle' ? oneCycleSchedule(spec) : constantSchedule(spec.learningRate);
}

/** `spec` with every rate times `factor`. */
export function scaledSchedule(spec: ScheduleSpec, factor: number): ScheduleSpec {
  const scaled = { ...spec, learningRate: factor * spec.learningRate };
  if (scaled.kind === 'cosine' && scaled.minimum !== undefined)
    return { ...scaled, minimum: factor * scaled.minimum };
  return scaled;
}
