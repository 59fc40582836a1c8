import type { JsonObject } from './facts-beside';
import type { ImageModel, PixelNormalisation } from './image-model';
import type { ResizeFilter, ResizeRule } from './resize-rule';

/** Pillow's numbers of its filters, as `resample` has them. */
const PILLOW_FILTERS: Readonly<Record<number, ResizeFilter>> = {
  0: 'nearest',
  1: 'lanczos',
  2: 'bilinear',
  3: 'bicubic',
};

/**
 * What transformers' `preprocessor_config.json` says: https://huggingface.co/docs/transformers/main_classes/image_processor.
 *
 * @throws `Error` naming what is asked for and not done here
 */
export function preprocessorFacts(json: JsonObject): Partial<ImageModel> {
  if (json.rescale_offset === true) throw new Error('rescale_offset is not understood.');
  if (json.do_pad === true) throw new Error('do_pad is not understood.');
  const normalisation = normalisationOf(json);
  if (json.crop_pct !== undefined && json.crop_pct !== null) {
    return { ...(normalisation && { normalisation }), ...cropByShare(json) };
  }
  const size = json.do_center_crop === true ? sidesOf(json.crop_size) : sidesOf(json.size);
  return {
    ...(normalisation && { normalisation }),
    ...(json.do_resize !== false && resizeOf(json)),
    ...size,
  };
}

function normalisationOf(json: JsonObject): PixelNormalisation | undefined {
  const { do_rescale: rescales = true, rescale_factor: factor = 1 / 255 } = json;
  const { do_normalize: normalises = true, image_mean: mean, image_std: deviation } = json;
  if (normalises === true && (!isList(mean) || !isList(deviation))) return undefined;
  return {
    scale: rescales === true ? 1 / Number(factor) : 1,
    mean: normalises === true ? (mean as number[]) : [0, 0, 0],
    standardDeviation: normalises === true ? (deviation as number[]) : [1, 1, 1],
  };
}

function resizeOf(json: JsonObject): { resize: ResizeRule } | undefined {
  const { resample = 2, size } = json;
  const filter = PILLOW_FILTERS[Number(resample)];
  if (!filter) throw new Error(`resample ${resample} is not understood.`);
  const shortest = Number((size as JsonObject | undefined)?.shortest_edge ?? size);
  if (Number.isInteger(shortest)) return { resize: { filter, fit: 'crop', shorterSide: shortest } };
  if (json.do_center_crop !== true) return { resize: { filter, fit: 'stretch' } };
  const crop = sidesOf(json.crop_size);
  const whole = sidesOf(size);
  if (crop?.inputHeight === whole?.inputHeight && crop?.inputWidth === whole?.inputWidth) {
    return { resize: { filter, fit: 'stretch' } };
  }
  if (whole?.inputHeight !== whole?.inputWidth) {
    throw new Error('a crop of an image that was stretched to a rectangle is not understood.');
  }
  return { resize: { filter, fit: 'stretch-crop', shorterSide: whole?.inputHeight as number } };
}

/** Of `ConvNextImageProcessor`: below it, the middle is cut out of larger images. */
const WARPED_FROM = 384;

/** ConvNeXt's: the shorter side becomes size / crop_pct, then the middle is cut out; large images are stretched. */
function cropByShare(json: JsonObject): Partial<ImageModel> {
  const type = String(json.image_processor_type ?? json.feature_extractor_type);
  const filter = PILLOW_FILTERS[Number(json.resample ?? 2)];
  const { inputHeight: side, inputWidth } = sidesOf(json.size) ?? {};
  if (!type.startsWith('ConvNext') || !filter || side === undefined || side !== inputWidth) {
    throw new Error(`crop_pct of ${type} is not understood.`);
  }
  const shorterSide = Math.trunc(side / Number(json.crop_pct));
  const resize: ResizeRule =
    side < WARPED_FROM ? { filter, fit: 'crop', shorterSide } : { filter, fit: 'stretch' };
  return { resize, inputHeight: side, inputWidth };
}

function sidesOf(size: unknown): Partial<ImageModel> | undefined {
  const { height, width, shortest_edge: shortest } = (size ?? {}) as JsonObject;
  const [inputHeight, inputWidth] = [height ?? shortest ?? size, width ?? shortest ?? size];
  if (!Number.isInteger(inputHeight) || !Number.isInteger(inputWidth)) return undefined;
  return { inputHeight: inputHeight as number, inputWidth: inputWidth as number };
}

function isList(value: unknown): value is number[] {
  return Array.isArray(value) && value.every((one) => typeof one === 'number');
}
