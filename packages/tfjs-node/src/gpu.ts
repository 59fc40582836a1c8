/*
 * `@tensorflow/tfjs-node-gpu` under another name. A GPU takes a moment to start: `await tf.ready()` before the first tensor.
 */
import { standIn } from './stand-in';

export * from '@tensorflow/tfjs';
export type { StandIn, TensorBoardCallback } from './stand-in';

const added = standIn({ device: 'GPU' });

/** Images, SavedModels, summaries for TensorBoard. */
export const node = added.node;
/** TensorFlow.js's own, and handlers of files and HTTP requests. */
export const io = added.io;
export const version = added.version;
