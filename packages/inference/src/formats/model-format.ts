import { existsSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { DlcmpError } from '@dlcmp/contract';

/** How a trained model lies on disk. */
export type ModelFormat = 'onnx' | 'saved-model' | 'tfjs-graph' | 'tfjs-layers';

/** A model on disk. */
export interface ModelFile {
  /** Of the `.onnx` file or the folder. */
  readonly path: string;
  readonly format: ModelFormat;
}

/**
 * What lies at `path`: an `.onnx` file, a folder of dlcmp that holds one, a SavedModel's folder, or one of TensorFlow.js
 * (`model.json` of a graph or a layers model).
 *
 * @throws `INVALID_FILE` saying what was looked for
 */
export function findModel(path: string): ModelFile {
  if (!existsSync(path)) throw unknown(path, 'there is nothing at this path');
  if (!statSync(path).isDirectory()) {
    if (path.endsWith('model.json')) return findModel(join(path, '..'));
    if (path.endsWith('.onnx')) return { path, format: 'onnx' };
    throw unknown(path, 'it is a file whose name does not end with .onnx');
  }
  if (existsSync(join(path, 'saved_model.pb'))) return { path, format: 'saved-model' };
  const format = tfjsFormat(path);
  if (format) return { path, format };
  const onnx = join(path, 'model.onnx');
  if (existsSync(onnx)) return { path: onnx, format: 'onnx' };
  throw unknown(
    path,
    'the folder holds no model.onnx, saved_model.pb or model.json of TensorFlow.js',
  );
}

function tfjsFormat(directory: string): ModelFormat | undefined {
  const path = join(directory, 'model.json');
  if (!existsSync(path)) return undefined;
  const json = parse(path) as { format?: string; modelTopology?: Record<string, unknown> };
  const { format, modelTopology: topology } = json;
  if (format === 'graph-model' || topology?.node) return 'tfjs-graph';
  if (format === 'layers-model' || topology?.model_config || topology?.class_name)
    return 'tfjs-layers';
  return undefined;
}

function parse(path: string): unknown {
  try {
    return JSON.parse(readFileSync(path, 'utf8'));
  } catch (cause) {
    throw unknown(path, `it is no JSON (${(cause as Error).message})`);
  }
}

function unknown(path: string, reason: string): DlcmpError {
  return new DlcmpError(
    'INVALID_FILE',
    `${path} is no model that can be opened: ${reason}. Give an .onnx file, or the folder of a SavedModel or of a TensorFlow.js model.`,
  );
}
