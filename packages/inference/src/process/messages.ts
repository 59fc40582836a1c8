import type { BatchThroughput, Latency } from '@dlcmp/bench-core/results';
import type { DlcmpErrorCode, ImageModel, ImageModelOptions, ModelSources } from '@dlcmp/contract';
import type { Treatment } from '../answers/treatment';
import type { ModelFile } from '../formats/model-format';
import type { RuntimeId } from '../runtimes/model-runtime';

/** A model that is to be opened in a runtime. */
export interface OpenRequest {
  readonly kind: 'open';
  readonly file: ModelFile;
  readonly runtime: RuntimeId;
  readonly options: ImageModelOptions;
  readonly threads: number;
}

/** A model that is open and described. */
export interface OpenedModel {
  readonly model: ImageModel;
  readonly sources: ModelSources;
  readonly outputs: readonly string[];
  readonly versions: Readonly<Record<string, string>>;
  /** Until it was ready to run, the library's loading included. */
  readonly loadSeconds: number;
  /** Of the first answer, on a grey image. */
  readonly firstSeconds: number;
}

/** What is measured of a model, in a process of its own. */
export interface InferenceFigures {
  readonly latency: Latency;
  readonly throughput: readonly BatchThroughput[];
  /** Highest resident memory, of Python's process where it computes there. */
  readonly peakRssBytes: number;
  readonly notes: readonly string[];
}

/** How far pixels and tensors of this project are from those of Python. */
export interface PreparationCheck {
  /** Largest difference of a tensor's value from NumPy's, which are worked out in float64. */
  readonly tensor: number;
  /** Largest difference of a byte from Pillow's; null where Python has no Pillow or Pillow no such filter. */
  readonly bytes: number | null;
  /** Share of bytes that are not Pillow's, 0–1. */
  readonly bytesShare: number | null;
}

/** What a model's process is asked, one request after the other. */
export type ProcessRequest =
  | OpenRequest
  | {
      readonly kind: 'answer';
      readonly treatment: Treatment;
      readonly pixels: Uint8Array;
      readonly count: number;
    }
  | { readonly kind: 'check'; readonly files: readonly string[]; readonly pixels: Uint8Array }
  | { readonly kind: 'measure'; readonly pixels: Uint8Array; readonly count: number };

/** What each kind of request is answered with. */
export interface ProcessResults {
  readonly open: OpenedModel;
  readonly answer: Float32Array;
  readonly check: PreparationCheck | null;
  readonly measure: InferenceFigures;
}

export type ProcessAnswer =
  | { readonly result: ProcessResults[ProcessRequest['kind']] }
  | { readonly error: { readonly code: DlcmpErrorCode | 'UNKNOWN'; readonly message: string } };
