import { assertArgument } from '@dlcmp/contract';
import type { SampleShape } from './layer';

/** Throws `INVALID_ARGUMENT` unless `value` is a whole number ≥ `least`. */
export function assertWholeNumber(layer: string, option: string, value: number, least: number) {
  assertArgument(
    Number.isInteger(value) && value >= least,
    `${layer}: ${option} must be a whole number ≥ ${least}, not ${value}.`,
  );
}

/** Throws `INVALID_ARGUMENT` unless `name` can prefix the names of weights. */
export function assertLayerName(layer: string, name: string): void {
  assertArgument(
    typeof name === 'string' && name.length > 0,
    `${layer} needs a name: its weights are saved under it.`,
  );
}

/** The axes of an image, or `INVALID_ARGUMENT` where `shape` is none. */
export function assertImageShape(
  layer: string,
  shape: SampleShape,
): readonly [channels: number, height: number, width: number] {
  assertArgument(
    shape.length === 3,
    `${layer} takes images [channels, height, width], but the layer before it puts out [${shape.join(', ')}].`,
  );
  return shape as unknown as readonly [number, number, number];
}
