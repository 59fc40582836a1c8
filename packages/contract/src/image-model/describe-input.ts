import { assertArgument, DlcmpError, isDlcmpError } from '../errors';
import { assertImageModel, type ImageModel } from './image-model';
import {
  describeTensor,
  type ImageModelOptions,
  type ModelInterface,
  type ModelSources,
  type ModelTensor,
} from './model-interface';
import { normalisationOf } from './normalisations';
import type { ImageInput } from './prepare-images';
import { assertResizeRule, DEFAULT_RESIZE, type ResizeRule } from './resize-rule';

/** How a model takes its images. */
export interface DescribedInput extends ImageInput {
  /** Of the tensor. */
  readonly inputName: string;
  readonly resize: ResizeRule;
  /** Images that it takes at a time, where its file fixes that. */
  readonly fixedBatch: number | undefined;
  readonly sources: ModelSources;
}

const ELEMENT_TYPES: readonly string[] = ['float32', 'float16', 'uint8'];

/** A field's value and where it was found. */
interface Found<Value> {
  readonly value: Value;
  readonly source: string;
}

/**
 * How `model` takes its images: from `options`, then from its files.
 *
 * @throws `INVALID_FILE` where it takes no images; `INVALID_ARGUMENT` naming the option that is missing or does not fit
 */
export function describeInput(model: ModelInterface, options: ImageModelOptions): DescribedInput {
  const tensor = imageTensorOf(model);
  const layout = layoutOf(model, tensor, options);
  const [batch, ...axes] = tensor.shape;
  const order = layout.value === 'NCHW' ? [1, 2, 0] : [0, 1, 2];
  const [height, width, depth] = order.map((axis) => axes[axis]);
  const channels = channelsOf(model, tensor, depth, options);
  const inputHeight = sideOf(model, 'inputHeight', height, options.inputHeight);
  const inputWidth = sideOf(model, 'inputWidth', width, options.inputWidth);
  const elementType = tensor.type as ImageModel['elementType'];
  const size = { inputHeight: inputHeight.value, inputWidth: inputWidth.value };
  const normalisation = normalisationFor(model, elementType, channels.value, options);
  const resize = find(model, 'resize', options.resize) ?? {
    value: DEFAULT_RESIZE,
    source: 'default',
  };
  naming('resize', resize.source, () =>
    assertResizeRule(resize.value, Math.max(size.inputHeight, size.inputWidth)),
  );
  const fields = { layout, channels, normalisation, resize, inputHeight, inputWidth };
  const input = {
    ...size,
    layout: layout.value,
    channels: channels.value,
    elementType,
    normalisation: normalisation.value,
  };
  naming('normalisation', normalisation.source, () => assertImageModel(input));
  return {
    ...input,
    resize: resize.value,
    inputName: tensor.name,
    fixedBatch: batch,
    sources: {
      elementType: 'the file',
      ...Object.fromEntries(Object.entries(fields).map(([name, { source }]) => [name, source])),
    },
  };
}

/** Names the file in which a field stands that `check` refuses. */
function naming(field: string, source: string, check: () => void): void {
  try {
    check();
  } catch (error) {
    if (!isDlcmpError(error) || !source.endsWith('.json')) throw error;
    throw new DlcmpError(
      error.code,
      `${error.message} It stands in ${source}: correct it there, or give ${field} by name.`,
    );
  }
}

/** What `options`, or else the first file that knows it, says of a field. */
export function find<Name extends keyof ImageModel>(
  { facts }: ModelInterface,
  name: Name,
  option: ImageModel[Name] | undefined,
): Found<ImageModel[Name]> | undefined {
  if (option !== undefined) return { value: option, source: 'the options' };
  const fact = facts.find(({ values }) => values[name] !== undefined);
  return fact && { value: fact.values[name] as ImageModel[Name], source: fact.source };
}

function imageTensorOf({ path, inputs }: ModelInterface): ModelTensor {
  const [input, ...others] = inputs;
  const isImages = input?.shape.length === 4 && others.length === 0;
  const isFed = isImages && ELEMENT_TYPES.includes(input.type);
  if (isFed && input.shape[0] !== 0) return input;
  const next = isFed
    ? 'it takes 0 images at a time. Export it with a batch of any size, or of 1.'
    : isImages
      ? `its type must be one of ${ELEMENT_TYPES.join(', ')}. Export it so that it takes float32.`
      : `one tensor of 4 axes is needed, of ${ELEMENT_TYPES.join(', ')}. Export the classifier alone, from images to scores.`;
  throw new DlcmpError(
    'INVALID_FILE',
    `${path} is no image classifier that can be fed: it takes ${inputs.map(describeTensor).join(', ') || 'nothing'}, but ${next}`,
  );
}

function layoutOf(
  model: ModelInterface,
  tensor: ModelTensor,
  options: ImageModelOptions,
): Found<ImageModel['layout']> {
  assertImageModel({ ...(options.layout !== undefined && { layout: options.layout }) });
  const can = (length: number | undefined) => length === undefined || length === 1 || length === 3;
  const possible = (['NCHW', 'NHWC'] as const).filter((layout) =>
    can(tensor.shape[layout === 'NCHW' ? 1 : 3]),
  );
  if (possible.length === 0) {
    throw new DlcmpError(
      'INVALID_FILE',
      `${model.path} takes ${describeTensor(tensor)}: neither its second nor its last axis can be 3 colours or one grey. Export a classifier of images.`,
    );
  }
  const told = find(model, 'layout', options.layout);
  const other = possible[0] as ImageModel['layout'];
  assertArgument(
    told === undefined || possible.includes(told.value),
    `${model.path} takes ${describeTensor(tensor)}, which has no channels where layout ${told?.value}, from ${told?.source}, has them. Give layout ${other}; on the command line --layout.`,
  );
  if (told) return told;
  const known = possible.filter((layout) => tensor.shape[layout === 'NCHW' ? 1 : 3] !== undefined);
  const found = possible.length === 1 ? possible : known;
  assertArgument(
    found.length === 1,
    `${model.path} takes ${describeTensor(tensor)}, which tells no layout: give layout, NCHW (as PyTorch exports) or NHWC (as Keras does); on the command line --layout.`,
  );
  return { value: found[0] as ImageModel['layout'], source: 'the file' };
}

function channelsOf(
  model: ModelInterface,
  tensor: ModelTensor,
  depth: number | undefined,
  options: ImageModelOptions,
): Found<ImageModel['channels']> {
  const told = find(model, 'channels', options.channels);
  if (told) assertImageModel({ channels: told.value });
  const wanted = told?.value === 'grey' ? 1 : 3;
  assertArgument(
    told === undefined || depth === undefined || depth === wanted,
    `${model.path} takes ${describeTensor(tensor)}, with ${depth} channels, not ${wanted} as channels ${told?.value}, from ${told?.source}, has: give ${depth === 1 ? 'grey' : 'RGB or BGR'}.`,
  );
  if (told) return told;
  return depth === 1 ? { value: 'grey', source: 'the file' } : { value: 'RGB', source: 'default' };
}

/** The side of the images: what the file fixes, or where it leaves that open, what is said. */
function sideOf(
  model: ModelInterface,
  name: 'inputHeight' | 'inputWidth',
  fixed: number | undefined,
  option: number | undefined,
): Found<number> {
  const told = find(model, name, option);
  const value = fixed ?? told?.value;
  assertArgument(
    value !== undefined,
    `${model.path} takes images of any size: give ${name}, in pixels; on the command line --image-size.`,
  );
  assertImageModel({ [name]: value });
  assertArgument(
    told === undefined || told.value === value,
    `${model.path} takes images with ${name} ${value}, not ${told?.value} as ${told?.source} ${option === undefined ? 'says' : 'say'}: give ${value}; on the command line --image-size.`,
  );
  return { value, source: fixed === undefined ? (told?.source as string) : 'the file' };
}

function normalisationFor(
  model: ModelInterface,
  elementType: ImageModel['elementType'],
  channels: ImageModel['channels'],
  { normalisation: option }: ImageModelOptions,
): Found<ImageModel['normalisation']> {
  const numbers = typeof option === 'string' ? normalisationOf(option, channels) : option;
  const told = find(model, 'normalisation', numbers);
  if (told) return told;
  if (elementType === 'uint8') {
    return { value: normalisationOf('0-255', channels), source: 'the file' };
  }
  throw new DlcmpError(
    'INVALID_ARGUMENT',
    `${model.path} does not say what it expects of its pixels: give normalisation, which is 0-255, 0-1, -1-1, imagenet, or scale, mean and standardDeviation; on the command line --normalisation. Whoever trained it knows; timm's models mostly take imagenet, Keras' own 0-255 or -1-1.`,
  );
}
