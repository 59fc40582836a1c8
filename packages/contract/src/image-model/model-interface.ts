import type { ImageSize } from '../images';
import type { Activation, ImageModel, PixelNormalisation } from './image-model';
import type { NormalisationName } from './normalisations';

/** A tensor that a model takes or puts out. */
export interface ModelTensor {
  readonly name: string;
  /** `float32`, `uint8`, `int64` … */
  readonly type: string;
  /** Undefined where any length will do. */
  readonly shape: readonly (number | undefined)[];
}

/** A model's output, and the activation that it ends with where its graph tells: `scores` for none, `a choice` of ArgMax or TopK. */
export interface ModelOutput extends ModelTensor {
  readonly endsWith?: 'softmax' | 'sigmoid' | 'scores' | 'a choice';
}

/** Fields of a description that stand in `source`, a file. */
export interface ModelFacts {
  readonly source: string;
  readonly values: Partial<ImageModel>;
}

/** What a model's files say, whatever their format. */
export interface ModelInterface {
  /** For messages. */
  readonly path: string;
  readonly inputs: readonly ModelTensor[];
  readonly outputs: readonly ModelOutput[];
  /** Those that come first go before. */
  readonly facts: readonly ModelFacts[];
}

/** What a user says of a model. What neither this nor its files say is refused by name, or has a default that is told. */
export interface ImageModelOptions extends Partial<ImageSize> {
  /** Default: as the input's shape shows, where one axis alone can be the channels. */
  readonly layout?: ImageModel['layout'] | undefined;
  /** Default: `grey` for one channel, else `RGB`. */
  readonly channels?: ImageModel['channels'] | undefined;
  /** Default: none; what is fed is refused without it, except bytes. */
  readonly normalisation?: NormalisationName | PixelNormalisation | undefined;
  /** Default: Pillow's bilinear filter with antialiasing, stretched. */
  readonly resize?: ImageModel['resize'] | undefined;
  /** Default: the only output that can hold answers. */
  readonly output?: string | undefined;
  /** Default: `none` where the graph ends with softmax or sigmoid; else it must be said. */
  readonly activation?: Activation | undefined;
  /** Default: `several` behind a sigmoid of two columns or more, else `one`. */
  readonly labels?: ImageModel['labels'] | undefined;
  /** Default: `class 0`, `class 1` … */
  readonly classNames?: readonly string[] | undefined;
}

/** Where each field of a description was found: a file's name, `the options` or `default`. */
export type ModelSources = Partial<Record<keyof ImageModel, string>>;

/** `"x" float32 [?, 3, 224, 224]` */
export function describeTensor({ name, type, shape }: ModelTensor): string {
  return `"${name}" ${type} [${shape.map((length) => length ?? '?').join(', ')}]`;
}
