import { assertArgument } from '../errors';

/**
 * How pixels are interpolated: `bilinear`, `bicubic` and `lanczos` as Pillow's, antialiased where an image shrinks (as torchvision
 * and transformers have them), `nearest` as Pillow's, `bilinear-sharp` without antialiasing, as OpenCV's and TensorFlow's defaults.
 */
export type ResizeFilter = 'bilinear' | 'bicubic' | 'lanczos' | 'nearest' | 'bilinear-sharp';

export type ResizeFit = 'stretch' | 'crop' | 'stretch-crop';

/** How an image of any size comes to a model's. */
export interface ResizeRule {
  readonly filter: ResizeFilter;
  /**
   * `stretch`: both sides are brought to the model's. `crop`: the shorter side is brought to `shorterSide`, then the middle is cut out.
   * `stretch-crop`: both sides are brought to `shorterSide`, then the middle is cut out.
   */
  readonly fit: ResizeFit;
  /** Pixels, at least the model's longer side; not for `stretch`. Default: the model's longer side. */
  readonly shorterSide?: number;
}

/** Pillow's bilinear filter with antialiasing, to exactly the wanted size. */
export const DEFAULT_RESIZE: ResizeRule = { filter: 'bilinear', fit: 'stretch' };

export const RESIZE_FILTERS: readonly ResizeFilter[] = [
  'bilinear',
  'bicubic',
  'lanczos',
  'nearest',
  'bilinear-sharp',
];

const RESIZE_FITS: readonly ResizeFit[] = ['stretch', 'crop', 'stretch-crop'];

/**
 * Throws `INVALID_ARGUMENT` naming what of `rule` is out of range.
 *
 * @param longerSide of the images that come out, in pixels
 */
export function assertResizeRule(rule: ResizeRule, longerSide: number): void {
  const { filter, fit, shorterSide } = rule;
  assertArgument(
    RESIZE_FILTERS.includes(filter),
    `The filter of resize must be one of ${RESIZE_FILTERS.join(', ')}, not ${filter}.`,
  );
  assertArgument(
    RESIZE_FITS.includes(fit),
    `The fit of resize must be one of ${RESIZE_FITS.join(', ')}, not ${fit}.`,
  );
  assertArgument(
    shorterSide === undefined || (fit !== 'stretch' && Number.isInteger(shorterSide)),
    `shorterSide must be a whole number of pixels and stand with fit crop or stretch-crop, not ${shorterSide} with ${fit}.`,
  );
  assertArgument(
    shorterSide === undefined || shorterSide >= longerSide,
    `shorterSide must be at least ${longerSide}, so that an image of that size can be cut out, not ${shorterSide}.`,
  );
}
