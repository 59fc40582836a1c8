import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';
import type {
  DataStorage,
  io,
  KernelBackend,
  KernelConfig,
  Tensor,
  TensorInfo,
} from '@tensorflow/tfjs-core';
import { NativeBinding, type TensorMetadata } from './binding/native-binding';
import type { OpAttribute } from './binding/op-attributes';
import { TFJS_NODE_BUNDLE } from './built-files';
import { GraphBinding } from './graph/graph-binding';
import { convertBytes } from './kernels/convert-bytes';
import { convertLongs } from './kernels/convert-longs';
import { writeHistograms } from './kernels/histogram-buckets';
import { completeValues } from './kernels/missing-values';
import { countSharedOnce } from './kernels/shared-data';
import type { NodeApi, NodeIo } from './node-api';
import type { TensorFlow } from './tensorflow-js';

/** What the backend keeps for a tensor. */
export interface TensorData {
  readonly shape: number[];
  readonly dtype: number;
  /** The binding's number, or below 0 while `values` are not handed over yet. */
  id: number;
  // biome-ignore lint/suspicious/noExplicitAny: typed arrays and strings.
  values: any;
  refCount: number;
}

/** tfjs-node's backend, as far as our kernels use it. */
export interface NodeBackend extends KernelBackend {
  readonly binding: NativeBinding;
  readonly tensorMap: DataStorage<TensorData>;
  typeAttributeFromTensor(tensor: TensorInfo): number;
  createOutputTensor(metadata: TensorMetadata): Tensor;
  getInputTensorIds(tensors: readonly TensorInfo[]): number[];
  executeSingleOutput(
    op: string,
    attributes: readonly OpAttribute[],
    inputs: readonly TensorInfo[],
  ): Tensor;
  executeMultipleOutputs(
    op: string,
    attributes: readonly OpAttribute[],
    inputs: readonly TensorInfo[],
    outputCount: number,
  ): Tensor[];
}

/** tfjs-node's JavaScript, made for one copy of TensorFlow.js. */
export interface TfjsNode {
  readonly NodeJSKernelBackend: new (binding: NativeBinding, packageName: string) => NodeBackend;
  readonly node: NodeApi;
  /** What draws the progress of `model.fit` in a terminal. */
  readonly ProgbarLogger: new () => object;
  readonly nodeFileSystemRouter: Parameters<typeof io.registerLoadRouter>[0];
  readonly io: NodeIo;
}

/** The current backend of `tf`, where it is one of ours. */
export function currentNodeBackend(tf: TensorFlow): NodeBackend | undefined {
  const backend = tf.backend();
  return isNodeBackend(backend) ? backend : undefined;
}

/**
 * Whether `backend` is one of ours, computing or writing a graph, rather than tfjs-node's on its compiled add-on, or another
 * one.
 */
function isNodeBackend(backend: KernelBackend): backend is NodeBackend {
  const { binding } = backend as { binding?: unknown };
  return binding instanceof NativeBinding || binding instanceof GraphBinding;
}

/** Whether `backend` writes what it is asked for into a graph. */
export function writesGraph({ binding }: NodeBackend): boolean {
  return (binding as unknown) instanceof GraphBinding;
}

/** By this name tfjs-node's JavaScript registers its kernels and looks for its backend. */
const OWN_NAME = 'tensorflow';

/** Registers tfjs-node's kernels with `tf` for a backend of the given name. */
export function loadTfjsNode(tf: TensorFlow, backendName: string): TfjsNode {
  const path = fileURLToPath(TFJS_NODE_BUNDLE);
  const factory = createRequire(import.meta.url)(path) as (tensorflow: TensorFlow) => TfjsNode;
  chainMethods(tf);
  const tfjsNode = factory(underAnotherName(tf, backendName));
  completeValues(tfjsNode);
  convertBytes(tfjsNode);
  convertLongs(tfjsNode);
  writeHistograms(tf, tfjsNode);
  countSharedOnce(tfjsNode);
  return tfjsNode;
}

/** `tf` as tfjs-node's JavaScript shall see it: what it calls `tensorflow` is `backendName`. */
function underAnotherName(tf: TensorFlow, backendName: string): TensorFlow {
  const rename = (name: string) => (name === OWN_NAME ? backendName : name);
  const changes: Record<string, unknown> = {
    registerKernel: (config: KernelConfig) =>
      tf.registerKernel({ ...config, backendName: rename(config.backendName) }),
    findBackend: (name: string) => tf.findBackend(rename(name)),
    KernelBackend: callable(tf.KernelBackend),
    // tfjs-core alone has no callbacks, of which tfjs-node derives some.
    CustomCallback: callable((tf as { CustomCallback?: Class }).CustomCallback ?? class {}),
  };
  const properties = Object.entries(changes).map(([name, value]) => [name, { value }]);
  return Object.create(tf, Object.fromEntries(properties)) as TensorFlow;
}

type Class = new (...args: never[]) => object;

/** A class that old-style subclasses, which call their parent instead of constructing it, can extend. */
function callable(parent: Class): unknown {
  function Callable(this: object, ...args: never[]): object {
    return Reflect.construct(parent, args, this.constructor as Class);
  }
  Callable.prototype = parent.prototype;
  return Callable;
}

/** Methods of tensors that tfjs-node's JavaScript calls, and which tfjs-core alone does not have. */
const CHAINED = [
  ...[
    'cast',
    'div',
    'equal',
    'flatten',
    'floorDiv',
    'max',
    'min',
    'reshape',
    'slice',
    'sub',
    'sum',
  ],
  ...['transpose'],
] as const;

type Operation = (...args: unknown[]) => Tensor;

/** Gives tensors the methods that they lack: `x.min()` is `tf.min(x)`. */
function chainMethods(tf: TensorFlow): void {
  const operations = tf as unknown as Record<string, Operation>;
  const methods = tf.Tensor.prototype as unknown as Record<string, Operation>;
  for (const name of CHAINED) {
    methods[name] ??= function (this: Tensor, ...args) {
      return name === 'flatten' ? tf.reshape(this, [-1]) : operations[name]!(this, ...args);
    };
  }
  methods.toInt ??= function (this: Tensor) {
    return tf.cast(this, 'int32');
  };
}
