import type { Classifier, CnnClassifier } from './classifier';
import type { ComputedPart, Device, EngineDescription } from './engine/engine';
import type { Initializer, ModelSpec } from './model-spec';
import type { Network } from './network/resolve-network';
import type { TrainedLayers } from './network/split-network';
import type { Augmentation } from './training-plan';

export interface AvailableBackend {
  readonly name: string;
  readonly available: true;
  /** Where it computes, e.g. `CPU` or a GPU's name. */
  readonly device: string;
  /** Version of each JavaScript library and native library it stands on, by name. */
  readonly versions: Readonly<Record<string, string>>;
  /** Who computes each part, where that depends on the machine. Default: as the engine says. */
  readonly computedBy?: readonly ComputedPart[];
}

export interface UnavailableBackend {
  readonly name: string;
  readonly available: false;
  /** Why it cannot run here. */
  readonly reason: string;
  /** What would make it run, where something would. */
  readonly remedy?: string;
}

/** Whether one backend of an adapter can run on this machine. */
export type BackendProbe = AvailableBackend | UnavailableBackend;

export interface CreateOptions {
  /** One of the adapter's backends, of networks an engine as ENGINE[@DEVICE]. Default: the first that is available. */
  readonly backend?: string;
  /** Networks: one of the adapter's engines. Default: the first that can run here and supports the network. */
  readonly engine?: string;
  /** Networks: where the engine computes. Default: the engine's first. */
  readonly device?: Device;
  /** Threads the framework may compute with. Default: the framework's own choice. */
  readonly threads?: number;
}

/** What the framework's own users get without asking, for the `defaults` track. */
export interface FrameworkDefaults {
  readonly initializer: Initializer;
  readonly adamEpsilon: number;
  readonly augmentation: Augmentation;
}

interface AdapterBase {
  /** Stable, kebab-case: `cnn-onnx`. */
  readonly id: string;
  /** For tables: `ONNX Runtime (CNN)`. */
  readonly displayName: string;
  /** By name; absent where an adapter has no names for them. */
  readonly engines?: readonly EngineDescription[];
  /** Which backends can run here. Never throws. */
  probe(): Promise<readonly BackendProbe[]>;
}

export interface ForestAdapter extends AdapterBase {
  readonly family: 'forest';
  create(spec: ModelSpec, options?: CreateOptions): Promise<Classifier>;
  load(directory: string, options?: CreateOptions): Promise<Classifier>;
}

export interface CnnAdapter extends AdapterBase {
  readonly family: 'cnn';
  readonly frameworkDefaults: FrameworkDefaults;
  /**
   * Whether a backend trains these layers of `network`, or why not, naming the node. Nothing is loaded for it. Default: only the
   * backend itself knows.
   *
   * @param needs what else training asks for: `ratesByWeight`, a learning rate of its own for some weights
   */
  supports?(
    backend: string,
    network: Network,
    trained: TrainedLayers,
    needs?: { readonly ratesByWeight?: boolean },
  ): true | string;
  /**
   * Loads the framework and builds the model.
   *
   * @throws `INVALID_ARGUMENT`, `FRAMEWORK_MISSING`, `BACKEND_UNAVAILABLE`
   */
  create(spec: ModelSpec, options?: CreateOptions): Promise<CnnClassifier>;
  /**
   * Opens what `save` wrote, ready to predict; `fit` goes on from the saved weights.
   *
   * @throws `INVALID_FILE`, `FRAMEWORK_MISSING`, `BACKEND_UNAVAILABLE`
   */
  load(directory: string, options?: CreateOptions): Promise<CnnClassifier>;
}

/** One framework behind the contract. */
export type Adapter = ForestAdapter | CnnAdapter;
