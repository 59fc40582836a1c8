import type { DlcmpErrorCode, ImageSize } from '@dlcmp/contract';
import type { ServedModel } from '../serving-options';

/** An image as a request brings it. */
export type RequestImage =
  | { readonly kind: 'pixels'; readonly bytes: Uint8Array }
  | { readonly kind: 'file'; readonly bytes: Uint8Array };

/** What a worker is to open when it has started. */
export interface OpenMessage {
  readonly kind: 'open';
  readonly model: ServedModel;
  /** URL of the module that `model.adapter` stands for. */
  readonly moduleUrl: string;
  readonly threads: number;
  readonly maxBatch: number;
  readonly maxPixels: number;
}

/** Images to be answered in one go. */
export interface BatchMessage {
  readonly kind: 'batch';
  readonly images: readonly RequestImage[];
}

export type WorkerMessage = OpenMessage | BatchMessage;

/** What there is to know of a model that is open. */
export interface OpenedModel extends ImageSize {
  readonly classNames: readonly string[];
  /** Whether one class is right for an image, or several labels may be. */
  readonly labels: 'one' | 'several';
}

/** An error on its way between processes, where it would lose its code. */
export interface Failure {
  readonly code: DlcmpErrorCode;
  readonly message: string;
}

/** An image's probabilities, or why it has none. */
export type ImageAnswer = { readonly probabilities: Float32Array } | { readonly failure: Failure };

export type WorkerAnswer =
  | { readonly kind: 'opened'; readonly model: OpenedModel }
  | { readonly kind: 'answers'; readonly answers: readonly ImageAnswer[] }
  | { readonly kind: 'failure'; readonly failure: Failure };
