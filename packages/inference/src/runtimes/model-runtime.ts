import type {
  ImageElement,
  ImageModel,
  ImageTensor,
  ModelInterface,
  TrialOutput,
} from '@dlcmp/contract';
import type { ModelFile, ModelFormat } from '../formats/model-format';

/** What users type, and what stands in results. */
export type RuntimeId =
  | 'onnxruntime-node'
  | 'onnxruntime-web'
  | 'tensorflow'
  | 'tfjs-wasm'
  | 'python-onnxruntime'
  | 'python-tensorflow';

export interface OpenRuntimeOptions {
  readonly threads: number;
}

/** What a model is fed. */
export interface RuntimeInput {
  readonly name: string;
  readonly type: ImageElement;
  readonly data: ImageTensor;
  readonly shape: readonly number[];
}

/** A model that is open in a runtime. */
export interface RunningModel {
  readonly interface: ModelInterface;
  /** Of the libraries that compute. */
  readonly versions: Readonly<Record<string, string>>;
  /** The output called `output`, a row an image. */
  run(input: RuntimeInput, output: string): Promise<TrialOutput>;
  /** What Python's NumPy makes of `count` images, the tensor's bytes; where the model runs in Python. */
  readonly prepare?: (model: ImageModel, pixels: Uint8Array, count: number) => Promise<Uint8Array>;
  /** What Python's Pillow makes of these files for `model`: pixels; where the model runs in Python. */
  readonly decode?: (model: ImageModel, files: readonly string[]) => Promise<Uint8Array>;
  /** Highest resident memory of a process of its own, in bytes; absent where the model runs in this one. */
  readonly peakRssBytes?: () => Promise<number>;
  close(): Promise<void>;
}

/** A library that runs trained models. */
export interface ModelRuntime {
  readonly id: RuntimeId;
  /** For tables. */
  readonly title: string;
  readonly formats: readonly ModelFormat[];
  /**
   * @throws `FRAMEWORK_MISSING`, `BACKEND_UNAVAILABLE` with the reason and the remedy; `INVALID_FILE` where it cannot open the model
   */
  open(model: ModelFile, options: OpenRuntimeOptions): Promise<RunningModel>;
}
