import {
  type Adapter,
  type Classifier,
  DEFAULT_RESIZE,
  DlcmpError,
  type ImageModel,
  type ImageModelOptions,
  readModelManifest,
} from '@dlcmp/contract';
import type { OpenedModel, OpenMessage } from '../workers/messages';

/** A model that answers in this process. */
export interface OpenModel
  extends OpenedModel,
    Pick<Classifier, 'predict'>,
    Pick<ImageModel, 'resize'> {}

type Module = Readonly<Record<string, unknown>>;

/** As `@dlcmp/cnn-onnx` exports it. */
type LoadOnnxClassifier = (
  path: string,
  options: ImageModelOptions & { readonly threads: number },
) => Promise<Pick<Classifier, 'predict'> & { readonly model: ImageModel }>;

/**
 * Opens the model of `message` with the adapter that its module exports.
 *
 * @throws as the adapter does; `INVALID_ARGUMENT` where the module exports none
 */
export async function openModel(message: OpenMessage): Promise<OpenModel> {
  const module = (await import(message.moduleUrl)) as Module;
  return message.model.path.endsWith('.onnx')
    ? openOnnxFile(module, message)
    : openSavedFolder(module, message);
}

async function openOnnxFile(module: Module, message: OpenMessage): Promise<OpenModel> {
  const { path, description } = message.model;
  const load = module.loadOnnxClassifier as LoadOnnxClassifier | undefined;
  if (typeof load !== 'function') throw unusable(message, 'exports no loadOnnxClassifier');
  const classifier = await load(path, { ...description, threads: message.threads });
  const { inputHeight, inputWidth, classNames, labels, resize } = classifier.model;
  return {
    ...{ inputHeight, inputWidth, classNames, labels, resize },
    predict: (pixels, count) => classifier.predict(pixels, count),
  };
}

async function openSavedFolder(module: Module, message: OpenMessage): Promise<OpenModel> {
  const { path, engine, device } = message.model;
  const adapter = Object.values(module).find(isAdapter);
  if (!adapter) throw unusable(message, 'exports no adapter');
  const { inputHeight, inputWidth, classNames } = await readModelManifest(path);
  const classifier = await adapter.load(path, {
    threads: message.threads,
    ...(engine !== undefined && { backend: device ? `${engine}@${device}` : engine }),
    ...(engine === undefined && device !== undefined && { device }),
  });
  return {
    ...{ inputHeight, inputWidth, classNames, labels: 'one', resize: DEFAULT_RESIZE },
    predict: (pixels, count) => classifier.predict(pixels, count),
  };
}

function isAdapter(value: unknown): value is Adapter {
  const { id, load, probe } = (value ?? {}) as Partial<Adapter>;
  return typeof id === 'string' && typeof load === 'function' && typeof probe === 'function';
}

function unusable({ model, moduleUrl }: OpenMessage, reason: string): DlcmpError {
  return new DlcmpError(
    'INVALID_ARGUMENT',
    `${model.adapter ?? moduleUrl} cannot open ${model.path}: it ${reason}. Name an adapter's package, such as @dlcmp/cnn-onnx.`,
  );
}
