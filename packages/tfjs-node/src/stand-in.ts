import {
  type NodeApi,
  type NodeIo,
  type RegisterOptions,
  registerTensorFlow,
  type TensorBoardCallbackArgs,
} from '@dlcmp/tensorflow';
import * as tf from '@tensorflow/tfjs';

/** A callback of `model.fit` that writes for TensorBoard. */
export interface TensorBoardCallback extends tf.CustomCallback {
  readonly logdir: string;
}

/** What tfjs-node adds to TensorFlow.js. */
export interface StandIn {
  readonly node: Omit<NodeApi, 'tensorBoard'> & {
    tensorBoard(logdir?: string, args?: TensorBoardCallbackArgs): TensorBoardCallback;
  };
  readonly io: typeof tf.io & NodeIo;
  readonly version: typeof tf.version & { readonly 'tfjs-node': string };
}

/** How `verbose: 1` is drawn, which is what `model.fit` does unless told otherwise. */
const VERBOSE = 1;

/**
 * Does what loading tfjs-node does: TensorFlow.js computes with native TensorFlow from now on, `file://` addresses lead to files, and
 * `model.fit` draws its progress.
 *
 * @throws `BACKEND_UNAVAILABLE` saying what is missing and what brings it; on a GPU as a rejection that nobody handles
 */
export function standIn(options: RegisterOptions = {}): StandIn {
  const { node, io, ProgbarLogger, start } = registerTensorFlow(tf, options);
  void start();
  tf.registerCallbackConstructor(
    VERBOSE,
    ProgbarLogger as Parameters<typeof tf.registerCallbackConstructor>[1],
  );
  return {
    node: node as StandIn['node'],
    io: { ...tf.io, ...io },
    // The version of tfjs-node that it stands for.
    version: { ...tf.version, 'tfjs-node': tf.version.tfjs },
  };
}
