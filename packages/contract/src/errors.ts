/**
 * What can go wrong, by code:
 *
 * - `INVALID_ARGUMENT`: a caller's mistake (shape, range, type).
 * - `FRAMEWORK_MISSING`: the framework is not installed; the message names the command that installs it.
 * - `BACKEND_UNAVAILABLE`: the framework is there, the requested backend cannot run here.
 * - `NOT_FITTED`: `predict` or `save` before `fit`, with no initial weights given.
 * - `DISPOSED`: a classifier used after `dispose`.
 * - `ABORTED`: the caller's `AbortSignal` fired.
 * - `DIVERGED`: the loss, the weights or the answers are no longer finite.
 * - `INVALID_FILE`: a model or weight file that cannot be read as what it claims to be.
 * - `INVALID_DATA`: an image folder or image that cannot be used.
 * - `PEER_FAILED`: an adapter in another language broke the protocol, fell silent or ended.
 * - `OVERLOADED`: more requests wait than a server's queue holds.
 * - `WORKER_FAILED`: a server's worker ended before it had answered, or cannot be started.
 */
export type DlcmpErrorCode =
  | 'INVALID_ARGUMENT'
  | 'FRAMEWORK_MISSING'
  | 'BACKEND_UNAVAILABLE'
  | 'NOT_FITTED'
  | 'DISPOSED'
  | 'ABORTED'
  | 'DIVERGED'
  | 'INVALID_FILE'
  | 'INVALID_DATA'
  | 'PEER_FAILED'
  | 'OVERLOADED'
  | 'WORKER_FAILED';

const BRAND = 'DlcmpError';

/** The one error class of dlcmp. Recognise it with {@link isDlcmpError}, never with `instanceof`. */
export class DlcmpError extends Error {
  override readonly name = BRAND;
  readonly code: DlcmpErrorCode;

  /** `message` names the thing, the reason and the next step. */
  constructor(code: DlcmpErrorCode, message: string, options?: { cause?: unknown }) {
    super(message, options);
    this.code = code;
  }
}

/** Whether `error` is a {@link DlcmpError}, also one made by another copy of this package. */
export function isDlcmpError(error: unknown, code?: DlcmpErrorCode): error is DlcmpError {
  if (!(error instanceof Error) && Object.prototype.toString.call(error) !== '[object Error]') {
    return false;
  }
  const candidate = error as Partial<DlcmpError>;
  return candidate.name === BRAND && (code === undefined || candidate.code === code);
}

/** Throws `INVALID_ARGUMENT` with `message` unless `condition` holds. */
export function assertArgument(condition: boolean, message: string): asserts condition {
  if (!condition) throw new DlcmpError('INVALID_ARGUMENT', message);
}

/** Throws `ABORTED` when `signal` has fired. */
export function throwIfAborted(signal: AbortSignal | undefined): void {
  if (signal?.aborted) {
    throw new DlcmpError('ABORTED', 'Training was stopped before its end.', {
      cause: signal.reason,
    });
  }
}
