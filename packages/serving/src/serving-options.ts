import { availableParallelism } from 'node:os';
import {
  assertArgument,
  assertThreads,
  type Device,
  type ImageModelOptions,
} from '@dlcmp/contract';

/** A model that a worker's process can open by itself. */
export interface ServedModel {
  /** A folder that `dlcmp train` or a classifier's `save` wrote, or an `.onnx` file of whatever origin. */
  readonly path: string;
  /**
   * The package that computes, found from the working directory, or the path or URL of a module: it exports an adapter, for
   * `.onnx` files `loadOnnxClassifier`. Default: the adapter that trained the model, for `.onnx` files `@dlcmp/cnn-onnx`.
   */
  readonly adapter?: string;
  /** One of the adapter's engines. Default: the first that can run here and supports the network. */
  readonly engine?: string;
  /** Default: the engine's first. */
  readonly device?: Device;
  /** How an `.onnx` file takes images and what it answers, as far as neither it nor files beside it say. */
  readonly description?: ImageModelOptions;
}

export interface ServingOptions {
  /** Processes that decode and compute, each with the model in its own memory. Default: one a core, at most 4. */
  readonly workers?: number;
  /** Threads that a worker computes with. Default: the machine's cores divided among the workers. */
  readonly threads?: number;
  /** The most requests that are computed in one go. Default 8. */
  readonly maxBatch?: number;
  /**
   * How long a request waits for others to join it while a worker is idle, in milliseconds. Default 0: not at all. Requests that
   * wait because all workers are busy are grouped in any case.
   */
  readonly maxDelayMs?: number;
  /** Requests that may wait; more are refused with `OVERLOADED`. Default 128. */
  readonly maxQueue?: number;
  /** Larger image files are refused. Default 10 MiB. */
  readonly maxImageBytes?: number;
  /** Images of more pixels are refused before they are decoded. Default 64 million. */
  readonly maxPixels?: number;
  /**
   * A worker that is at one batch for longer, in milliseconds, is taken for stuck: its process is ended, its requests fail with
   * `WORKER_FAILED`, and another one is started. Default 60,000.
   */
  readonly answerTimeoutMs?: number;
  /** The same for a worker that starts and opens the model. Default 600,000. */
  readonly openTimeoutMs?: number;
}

export type ServingSettings = Required<ServingOptions>;

const MOST_WORKERS_BY_DEFAULT = 4;
/** What a timer of Node.js can wait for. */
const LONGEST_TIMEOUT_MS = 2 ** 31 - 1;

/**
 * `options` with their defaults.
 *
 * @throws `INVALID_ARGUMENT` naming the option that is out of range
 */
export function servingSettings(options: ServingOptions): ServingSettings {
  const cores = availableParallelism();
  const { workers = Math.min(cores, MOST_WORKERS_BY_DEFAULT) } = options;
  assertWhole('workers', workers, 1);
  const settings = {
    workers,
    threads: Math.max(1, Math.floor(cores / workers)),
    maxBatch: 8,
    maxDelayMs: 0,
    maxQueue: 128,
    maxImageBytes: 10 * 2 ** 20,
    maxPixels: 64_000_000,
    answerTimeoutMs: 60_000,
    openTimeoutMs: 600_000,
    ...given(options),
  };
  assertThreads(settings.threads);
  for (const name of ['maxBatch', 'maxImageBytes', 'maxPixels'] as const) {
    assertWhole(name, settings[name], 1);
  }
  assertWhole('maxQueue', settings.maxQueue, 0);
  for (const name of ['answerTimeoutMs', 'openTimeoutMs'] as const) {
    assertWhole(name, settings[name], 1);
    assertArgument(
      settings[name] <= LONGEST_TIMEOUT_MS,
      `${name} must be ${LONGEST_TIMEOUT_MS} ms at most, not ${settings[name]}.`,
    );
  }
  const { maxDelayMs } = settings;
  assertArgument(
    Number.isFinite(maxDelayMs) && maxDelayMs >= 0,
    `maxDelayMs must be a number of milliseconds ≥ 0, not ${maxDelayMs}.`,
  );
  return settings;
}

function given(options: ServingOptions): Partial<ServingSettings> {
  return Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined));
}

function assertWhole(name: string, value: number, least: number): void {
  assertArgument(
    Number.isInteger(value) && value >= least,
    `${name} must be a whole number ≥ ${least}, not ${value}.`,
  );
}
