import {
  assertArgument,
  type CreateOptions,
  type ImageSize,
  type NetworkClassifier,
  type NetworkDescription,
  type NetworkNode,
  readSafetensors,
  type Weights,
} from '@dlcmp/contract';
import { type CnnOnnxOptions, createCnnOnnx } from './adapter';

/** How a classifier computes: engine, device, threads, and the framework where the caller has loaded it. */
export type ComputeOptions = Pick<CreateOptions, 'engine' | 'device' | 'threads'> & CnnOnnxOptions;

/** A classifier of layers of one's own. */
export interface SequentialSpec extends ImageSize, Pick<NetworkDescription, 'normalisation'> {
  /** From images [3, inputHeight, inputWidth] to one score a class; each reads the one before where it names no other. */
  readonly layers: readonly NetworkNode[];
  /** One name a class; their order numbers the classes. */
  readonly classNames: readonly string[];
  /** Decides initial weights, order of every epoch, flips and dropout masks. Default 1. */
  readonly seed?: number;
  /**
   * Start from these weights instead of drawing them: by name, or the path of a safetensors file, as PyTorch's
   * `safetensors.torch.save_file(model.state_dict(), path)` writes it.
   */
  readonly initialWeights?: Weights | string;
}

/**
 * A classifier of a chain of layers, or of any graph of them: `createCnnOnnx().create` with its network written in place.
 *
 * @throws `INVALID_ARGUMENT`, `INVALID_FILE`, `FRAMEWORK_MISSING`, `BACKEND_UNAVAILABLE`
 */
export async function createSequentialClassifier({
  onnxruntime,
  engine,
  device,
  threads,
  ...spec
}: SequentialSpec & ComputeOptions): Promise<NetworkClassifier> {
  const { layers, normalisation, initialWeights: given, seed = 1, ...sizes } = spec;
  assertArgument(
    Array.isArray(layers),
    'createSequentialClassifier needs layers: give a list of nodes, { type, … } or by the functions of @dlcmp/cnn-onnx/layers.',
  );
  const initialWeights = typeof given === 'string' ? await readWeights(given) : given;
  const network = {
    ...({ schemaVersion: 1, name: 'sequential', nodes: layers } as const),
    ...(normalisation && { normalisation }),
  };
  return createCnnOnnx(onnxruntime && { onnxruntime }).create(
    { ...sizes, seed, network, ...(initialWeights && { initialWeights }) },
    createOptions({ engine, device, threads }),
  );
}

/**
 * A classifier that `save` wrote, ready to predict; `fit` starts from its weights. Folders that
 * `createSequentialClassifier` of earlier versions wrote open as well.
 *
 * @throws `INVALID_FILE`, `INVALID_ARGUMENT`, `FRAMEWORK_MISSING`, `BACKEND_UNAVAILABLE`
 */
export async function loadSequentialClassifier(
  directory: string,
  { onnxruntime, ...compute }: ComputeOptions = {},
): Promise<NetworkClassifier> {
  return createCnnOnnx(onnxruntime && { onnxruntime }).load(directory, createOptions(compute));
}

/** Without what is undefined. */
function createOptions(
  options: { readonly [Name in keyof CreateOptions]: CreateOptions[Name] | undefined },
): CreateOptions {
  return Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined));
}

/** PyTorch counts a normalisation's batches in an int64 that nothing here needs. */
function readWeights(path: string): Promise<Weights> {
  return readSafetensors(path, { skip: (name) => name.endsWith('.num_batches_tracked') });
}
