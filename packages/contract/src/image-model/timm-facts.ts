import type { JsonObject } from './facts-beside';
import type { ImageModel } from './image-model';
import type { ResizeFilter, ResizeFit } from './resize-rule';

/** By timm's `crop_mode`. */
const FITS: Readonly<Record<string, ResizeFit>> = { center: 'crop', squash: 'stretch-crop' };

const FILTERS: readonly string[] = ['bilinear', 'bicubic', 'lanczos', 'nearest'];

/**
 * What timm's `config.json` says in `pretrained_cfg`: the shorter side becomes the input's by `crop_pct`, then the middle is cut
 * out (https://huggingface.co/docs/timm/reference/data, `resolve_data_config` and `create_transform`).
 *
 * @throws `Error` naming what is asked for and not done here
 */
export function timmFacts(json: JsonObject): Partial<ImageModel> {
  const config = json.pretrained_cfg as JsonObject | undefined;
  if (!config) return {};
  const { mean, std, input_size: size, interpolation = 'bilinear' } = config;
  const { crop_pct: share = 0.875, crop_mode: mode = 'center' } = config;
  if (!FILTERS.includes(String(interpolation))) {
    throw new Error(`interpolation ${interpolation} is not understood.`);
  }
  const [, inputHeight, inputWidth] = size as number[];
  const fit = FITS[String(mode)];
  if (!fit || (fit !== 'crop' && inputHeight !== inputWidth)) {
    throw new Error(`crop_mode ${mode} of ${inputWidth}×${inputHeight} is not understood.`);
  }
  const shorterSide = Math.floor(
    Math.max(inputHeight as number, inputWidth as number) / Number(share),
  );
  return {
    normalisation: { scale: 255, mean: mean as number[], standardDeviation: std as number[] },
    resize: { filter: interpolation as ResizeFilter, fit, shorterSide },
    inputHeight: inputHeight as number,
    inputWidth: inputWidth as number,
  };
}
