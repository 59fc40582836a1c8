import { existsSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import {
  assertArgument,
  type Classifier,
  DEFAULT_RESIZE,
  type ImageModel,
  type ImageModelOptions,
  type ImageSize,
  openingAdapter,
  readModelManifest,
} from '@dlcmp/contract';
import { selectContender } from './select-contenders';

/** How to run a model. */
export interface OpenModelOptions {
  /** ADAPTER[:ENGINE][@DEVICE], for models that dlcmp saved. */
  readonly contender?: string;
  readonly threads: number;
  /** What the files of a model that was trained elsewhere do not say. */
  readonly description: ImageModelOptions;
}

/** A model that can be asked. */
export interface OpenModel
  extends ImageSize,
    Pick<Classifier, 'predict' | 'dispose'>,
    Pick<ImageModel, 'classNames' | 'labels' | 'resize'> {}

/** Opens what "train" or "bench" saved, or a model that was trained elsewhere: `.onnx`, SavedModel, TensorFlow.js. */
export async function openModel(path: string, options: OpenModelOptions): Promise<OpenModel> {
  if (isForeign(path)) return openForeign(path, options);
  const { threads, contender, description } = options;
  const manifest = await readModelManifest(path);
  const { inputHeight, inputWidth, classNames } = manifest;
  const said = Object.entries(description).find(([, value]) => value !== undefined);
  assertArgument(
    said === undefined,
    `--normalisation, --activation and the other options that describe a model are for models that were trained elsewhere, and dlcmp saved ${path}: leave them out.`,
  );
  const { adapter, backend } = await selectContender(contender ?? openingAdapter(manifest));
  const classifier = await adapter.load(path, { threads, backend });
  return {
    ...{ inputHeight, inputWidth, classNames, labels: 'one', resize: DEFAULT_RESIZE },
    predict: (pixels, count) => classifier.predict(pixels, count),
    dispose: () => classifier.dispose(),
  };
}

async function openForeign(
  path: string,
  { threads, contender, description }: OpenModelOptions,
): Promise<OpenModel> {
  assertArgument(
    contender === undefined,
    `--contender is for models that dlcmp saved, and ${path} was trained elsewhere: leave it out.`,
  );
  const { findModel, ImageClassifier, runtimesFor } = await import('@dlcmp/inference');
  const file = findModel(path);
  const [runtime] = runtimesFor(file.format);
  assertArgument(runtime !== undefined, `No runtime opens ${path}: export it as .onnx.`);
  const classifier = await ImageClassifier.open(runtime, file, { threads, description });
  const { inputHeight, inputWidth, classNames, labels, resize } = classifier.model;
  return {
    ...{ inputHeight, inputWidth, classNames, labels, resize },
    predict: (pixels, count) => classifier.predict(pixels, count),
    dispose: () => classifier.running.close(),
  };
}

/** All but folders of dlcmp, whose `model.json` names the adapter. */
function isForeign(path: string): boolean {
  if (!existsSync(path)) return path.endsWith('.onnx');
  if (!statSync(path).isDirectory()) return true;
  const manifest = join(path, 'model.json');
  if (!existsSync(manifest)) return existsSync(join(path, 'saved_model.pb'));
  return !/"adapter"\s*:/.test(readFileSync(manifest, 'utf8'));
}
