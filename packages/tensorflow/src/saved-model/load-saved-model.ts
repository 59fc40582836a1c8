import {
  activate,
  assertArgument,
  assertFiniteProbabilities,
  assertPixels,
  assertThreads,
  type Classifier,
  DlcmpError,
  type ImageSize,
} from '@dlcmp/contract';
import { NativeBinding } from '../binding/native-binding';
import { loadFirstLibrary } from '../library/find-library';
import { keepFreedMemory } from '../malloc';
import { unpackNamedArchive } from '../setup/unpack-named-archive';
import { loadTensorFlowJs, type TensorFlow } from '../tensorflow-js';
import { type PixelRange, pixelConverter } from './pixel-converter';
import { invalid, readSignature, type SavedModelSignature } from './saved-model-signature';

export interface SavedModelOptions {
  /** In the order of the model's outputs. Default: `class 0`, `class 1` … */
  readonly classNames?: readonly string[] | undefined;
  /** Of the images, where the model takes any. Default: what the model says. */
  readonly size?: ImageSize | undefined;
  /** Default: `0-255`, which is right for models that begin with a rescaling layer. */
  readonly pixelRange?: PixelRange | undefined;
  /** Whether the outputs are scores that a softmax turns into probabilities. Default: false. */
  readonly logits?: boolean | undefined;
  /** Default: `serving_default`. */
  readonly signature?: string | undefined;
  /** Default: `serve`. */
  readonly tag?: string | undefined;
  /** Default: as many as the machine offers. */
  readonly threads?: number | undefined;
  /** The TensorFlow.js that the caller has loaded. Default: it is imported. */
  readonly core?: TensorFlow | undefined;
}

/** A SavedModel that classifies images. It cannot be trained or saved. */
export interface SavedModelClassifier extends ImageSize, Pick<Classifier, 'predict' | 'dispose'> {
  readonly classNames: readonly string[];
}

/** Images computed at a time. */
const BATCH = 32;

/**
 * Opens a SavedModel of Keras or TensorFlow, from images [count × height × width × 3] to classes [count × classes], on
 * native TensorFlow.
 *
 * @throws `INVALID_FILE`, `INVALID_ARGUMENT`, and `BACKEND_UNAVAILABLE` where there is no native TensorFlow
 */
export async function loadSavedModel(
  directory: string,
  options: SavedModelOptions = {},
): Promise<SavedModelClassifier> {
  const { tag = 'serve', signature: name = 'serving_default', threads } = options;
  assertThreads(threads);
  const core = options.core ?? (await loadTensorFlowJs());
  const signature = await readSignature(core, directory, tag, name);
  const size = sizeOf(directory, signature, options.size);
  const classNames = classNamesOf(directory, signature, options.classNames);
  await unpackNamedArchive();
  const library = loadFirstLibrary();
  keepFreedMemory(library);
  const binding = new NativeBinding(library, { threads });
  const model = binding.loadSavedModel(directory, tag);
  const classes = classNames.length;
  const convert = pixelConverter(directory, signature, options.pixelRange ?? '0-255');
  let disposed = false;

  function predictBatch(pixels: Uint8Array, count: number): Float32Array {
    const { type, values } = convert(pixels);
    const shape = [count, size.inputHeight, size.inputWidth, 3];
    const input = binding.createTensor(shape, type, values);
    try {
      const { input: from, output: to } = signature;
      const [output] = binding.runSavedModel(model, [input], from.name, to.name);
      const id = output?.id as number;
      const probabilities = binding.tensorDataSync(id) as Float32Array;
      binding.deleteTensor(id);
      return probabilities;
    } finally {
      binding.deleteTensor(input);
    }
  }

  return {
    ...size,
    classNames,
    async predict(pixels, count) {
      if (disposed) throw new DlcmpError('DISPOSED', 'This model was disposed. Load it again.');
      assertPixels(pixels, count, size);
      const bytes = pixels.length / count;
      const result = new Float32Array(count * classes);
      for (let start = 0; start < count; start += BATCH) {
        const end = Math.min(start + BATCH, count);
        const rows = predictBatch(pixels.subarray(start * bytes, end * bytes), end - start);
        const answers = options.logits ? activate(rows, classes, 'softmax') : rows;
        result.set(answers, start * classes);
      }
      assertFiniteProbabilities(result);
      return result;
    },
    async dispose() {
      if (!disposed) binding.close();
      disposed = true;
    },
  };
}

function sizeOf(
  directory: string,
  { input: { shape } }: SavedModelSignature,
  wanted: ImageSize | undefined,
): ImageSize {
  const [, height = -1, width = -1, channels] = shape;
  if (shape.length !== 4 || (channels !== 3 && channels !== -1)) {
    throw invalid(directory, `its input has the shape [${shape}], not [images, height, width, 3]`);
  }
  const size = {
    inputHeight: height > 0 ? height : (wanted?.inputHeight ?? 0),
    inputWidth: width > 0 ? width : (wanted?.inputWidth ?? 0),
  };
  assertArgument(
    size.inputHeight > 0 && size.inputWidth > 0,
    `The model in ${directory} takes images of any size: give one (size; on the command line --image-size).`,
  );
  const isSame =
    !wanted || (wanted.inputHeight === size.inputHeight && wanted.inputWidth === size.inputWidth);
  assertArgument(
    isSame,
    `The model in ${directory} takes images of ${size.inputHeight}×${size.inputWidth}, not of ${wanted?.inputHeight}×${wanted?.inputWidth}: leave the size out.`,
  );
  return size;
}

function classNamesOf(
  directory: string,
  { output: { shape } }: SavedModelSignature,
  wanted: readonly string[] | undefined,
): readonly string[] {
  const classes = shape.length === 2 ? (shape[1] as number) : -1;
  if (classes < 1) {
    throw invalid(directory, `its output has the shape [${shape}], not [images, classes]`);
  }
  assertArgument(
    !wanted || wanted.length === classes,
    `The model in ${directory} tells ${classes} classes apart, and ${wanted?.length} names are given: give one for each, in the order of its outputs (classNames, --class-names).`,
  );
  return wanted ?? Array.from({ length: classes }, (_, index) => `class ${index}`);
}
