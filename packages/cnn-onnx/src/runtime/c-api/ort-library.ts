import { createRequire } from 'node:module';
import type * as Koffi from 'koffi';
import type { LibraryHandle } from 'koffi';
import {
  declareFunctions,
  findApi,
  functionAddress,
  type OrtFunctions,
  type Pointer,
} from './ort-functions';

/** ONNX Runtime, loaded through its C API. */
export interface OrtLibrary {
  /** Held on to: koffi unloads a library that nobody refers to, whatever functions were found in it. */
  readonly handle: LibraryHandle;
  readonly koffi: typeof Koffi;
  readonly functions: OrtFunctions;
  readonly environment: Pointer;
  /** Address of a function. */
  addressOf(name: keyof OrtFunctions): Pointer;
  /** Throws ONNX Runtime's own message where a call's status says that it failed. */
  check(status: Pointer | string | null, subject: string): void;
  /** Calls a function that writes an address into its last argument, and returns that. */
  create(name: keyof OrtFunctions, ...args: readonly unknown[]): Pointer;
}

/** Errors alone: a library does not log. */
const ERRORS_ONLY = 3;

const loaded = new Map<string, OrtLibrary>();

/**
 * Loads libonnxruntime from `path` into this process, where it stays.
 *
 * @throws where it cannot be loaded, or is too old
 */
export function loadOrtLibrary(path: string): OrtLibrary {
  const known = loaded.get(path) ?? load(path);
  loaded.set(path, known);
  return known;
}

function load(path: string): OrtLibrary {
  const koffi = createRequire(import.meta.url)('koffi') as typeof Koffi;
  const handle = koffi.load(path);
  const api = findApi(koffi, handle);
  const functions = declareFunctions(koffi, api);
  const addressOf = (name: keyof OrtFunctions) => functionAddress(koffi, api, name);
  const check: OrtLibrary['check'] = (status, subject) => {
    if (status === null) return;
    const message = functions.GetErrorMessage(status);
    functions.ReleaseStatus(status);
    throw new Error(`ONNX Runtime could not run ${subject}: ${message}`);
  };
  const create: OrtLibrary['create'] = (name, ...args) => {
    const room = new BigUint64Array(1);
    check(functions[name](...args, room), name);
    return room[0] as Pointer;
  };
  const environment = create('CreateEnv', ERRORS_ONLY, 'dlcmp');
  return { handle, koffi, functions, environment, addressOf, check, create };
}
