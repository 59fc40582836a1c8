import type {
  InferenceModel,
  io,
  MetaGraph,
  ModelPredictConfig,
  ModelTensorInfo,
  NamedTensorMap,
  Scalar,
  Tensor,
  Tensor3D,
  Tensor4D,
} from '@tensorflow/tfjs-core';

/** What tfjs-node has as `tf.node`. Decoded images are int32, [height × width × channels]. */
export interface NodeApi {
  /** JPEG, PNG, BMP, or GIF, whose frames are an axis before the others unless `expandAnimations` is false. */
  decodeImage(
    content: Uint8Array,
    channels?: number,
    dtype?: string,
    expandAnimations?: boolean,
  ): Tensor3D | Tensor4D;
  decodeBmp(contents: Uint8Array, channels?: number): Tensor3D;
  decodeGif(contents: Uint8Array): Tensor4D;
  decodePng(contents: Uint8Array, channels?: number, dtype?: string): Tensor3D;
  decodeJpeg(
    contents: Uint8Array,
    channels?: number,
    ratio?: number,
    fancyUpscaling?: boolean,
    tryRecoverTruncated?: boolean,
    acceptableFraction?: number,
    dctMethod?: string,
  ): Tensor3D;
  encodeJpeg(
    image: Tensor3D,
    format?: '' | 'grayscale' | 'rgb',
    quality?: number,
    progressive?: boolean,
    optimizeSize?: boolean,
    chromaDownsampling?: boolean,
    densityUnit?: 'in' | 'cm',
    xDensity?: number,
    yDensity?: number,
    xmpMetadata?: string,
  ): Promise<Uint8Array>;
  encodePng(image: Tensor3D, compression?: number): Promise<Uint8Array>;
  /** Writes what TensorBoard shows. */
  summaryFileWriter(
    logdir: string,
    maxQueue?: number,
    flushMillis?: number,
    filenameSuffix?: string,
  ): SummaryFileWriter;
  /** A callback of `model.fit`, which writes losses and metrics for TensorBoard. Needs `@tensorflow/tfjs`. */
  tensorBoard(logdir?: string, args?: TensorBoardCallbackArgs): object;
  /** Tags and signatures of the SavedModel in a folder. */
  getMetaGraphsFromSavedModel(path: string): Promise<MetaGraph[]>;
  getNumOfSavedModels(): number;
  /** Opens a SavedModel: every signature of numbers and strings. */
  loadSavedModel(path: string, tags?: string[], signature?: string): Promise<TFSavedModel>;
}

export interface TensorBoardCallbackArgs {
  /** Default: `epoch`. */
  updateFreq?: 'batch' | 'epoch';
  /** Epochs from one histogram of the weights to the next. Default: 0, none. */
  histogramFreq?: number;
}

export interface SummaryFileWriter {
  scalar(name: string, value: Scalar | number, step: number, description?: string): void;
  histogram(name: string, data: Tensor, step: number, buckets?: number, description?: string): void;
  flush(): void;
}

/** A signature of a SavedModel. */
export interface TFSavedModel extends InferenceModel {
  get inputs(): ModelTensorInfo[];
  get outputs(): ModelTensorInfo[];
  get outputNodeNames(): { [key: string]: string };
  predict(
    inputs: Tensor | Tensor[] | NamedTensorMap,
    config?: ModelPredictConfig,
  ): Tensor | Tensor[] | NamedTensorMap;
  dispose(): void;
}

/** What tfjs-node adds to `tf.io`. */
export interface NodeIo {
  /** Reads and writes models in folders; `file://` addresses lead here. */
  fileSystem(path: string | string[]): io.IOHandler;
  nodeHTTPRequest(path: string, requestInit?: RequestInit, weightPathPrefix?: string): io.IOHandler;
}
