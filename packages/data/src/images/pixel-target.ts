import { assertArgument, assertResizeRule, type ResizeRule } from '@dlcmp/contract';

/** Height and width in pixels that every image is brought to. */
export interface TargetSize {
  readonly height: number;
  readonly width: number;
}

/** What every image is brought to, and how. */
export interface PixelTarget extends TargetSize {
  /** Default: Pillow's bilinear filter with antialiasing, stretched. */
  readonly resize?: ResizeRule | undefined;
  /** `stored`: as the file's rows are, whatever EXIF says of the camera. Default: `upright`. */
  readonly orientation?: 'upright' | 'stored' | undefined;
}

/** What of `options` says what images are brought to. */
export function targetOf({ height, width, resize, orientation }: PixelTarget): PixelTarget {
  return { height, width, ...(resize && { resize }), ...(orientation && { orientation }) };
}

/** Throws `INVALID_ARGUMENT` unless height and width are whole numbers of pixels and the rule can be followed. */
export function assertTarget({ height, width, resize }: PixelTarget): void {
  assertArgument(
    [height, width].every((side) => Number.isInteger(side) && side >= 1),
    `Images are resized to whole numbers of pixels ≥ 1, not to ${width}×${height}.`,
  );
  if (resize) assertResizeRule(resize, Math.max(height, width));
}
