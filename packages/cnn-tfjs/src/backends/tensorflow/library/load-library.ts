import { createRequire } from 'node:module';
import { declareFunctions } from '../binding/c-functions';
import type { NativeLibrary } from '../binding/native-library';

const loaded = new Map<string, NativeLibrary>();

/** Only errors that end the process. */
const SILENT = '3';

/**
 * Loads libtensorflow into this process, where it stays.
 *
 * TensorFlow writes to stderr about the processor and its own start; that is silenced unless
 * `TF_CPP_MIN_LOG_LEVEL` asks for it.
 *
 * @param paths its files, in the order of loading
 * @throws where a file cannot be loaded or is no libtensorflow
 */
export function loadLibrary(paths: readonly string[]): NativeLibrary {
  const path = paths.at(-1) as string;
  const known = loaded.get(path);
  if (known) return known;
  process.env.TF_CPP_MIN_LOG_LEVEL ??= SILENT;
  const koffi = createRequire(import.meta.url)('koffi') as NativeLibrary['koffi'];
  const handles = paths.map((file) => koffi.load(file, { global: true, lazy: true }));
  const c = declareFunctions(handles.at(-1) as (typeof handles)[number]);
  const library: NativeLibrary = { c, koffi, path, status: c.TF_NewStatus() };
  loaded.set(path, library);
  return library;
}
