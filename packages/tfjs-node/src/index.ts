/*
 * `@tensorflow/tfjs-node` under another name: what `require('@tensorflow/tfjs-node')` gives, and does.
 */
import { standIn } from './stand-in';

export * from '@tensorflow/tfjs';
export type { StandIn, TensorBoardCallback } from './stand-in';

const added = standIn();

/** Images, SavedModels, summaries for TensorBoard. */
export const node = added.node;
/** TensorFlow.js's own, and handlers of files and HTTP requests. */
export const io = added.io;
export const version = added.version;
