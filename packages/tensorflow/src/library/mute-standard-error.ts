import type { NativeLibrary } from '../binding/native-library';

const STANDARD_ERROR = 2;
const WRITE_ONLY = 1;

/** Asks TensorFlow for messages of that level and above; whoever sets it wants to see them. */
const LOG_LEVEL = 'TF_CPP_MIN_LOG_LEVEL';
const ERRORS_THAT_END_THE_PROCESS = '3';

/**
 * Runs `work` with native code's standard error closed: while it starts, TensorFlow writes about the processor there,
 * from some versions on whatever the log level is. Afterwards the log level holds.
 */
export function mutingStandardError<Result>(
  koffi: NativeLibrary['koffi'],
  work: () => Result,
): Result {
  const wanted = process.env[LOG_LEVEL];
  if (wanted !== undefined && wanted !== ERRORS_THAT_END_THE_PROCESS) return work();
  process.env[LOG_LEVEL] = ERRORS_THAT_END_THE_PROCESS;
  if (process.platform === 'win32') return work();
  const system = koffi.load(null);
  const dup = system.func('int dup(int)');
  const dup2 = system.func('int dup2(int, int)');
  const close = system.func('int close(int)');
  const nowhere = system.func('int open(const char *, int)')('/dev/null', WRITE_ONLY);
  const original = dup(STANDARD_ERROR);
  dup2(nowhere, STANDARD_ERROR);
  try {
    return work();
  } finally {
    dup2(original, STANDARD_ERROR);
    close(original);
    close(nowhere);
  }
}
