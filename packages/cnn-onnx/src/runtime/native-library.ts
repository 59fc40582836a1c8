import { readdirSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';

/**
 * The library inside `onnxruntime-node`, whose C API other threads can call; undefined where it is not
 * where the package's versions so far have had it.
 */
export function findNativeLibrary(): string | undefined {
  try {
    const main = createRequire(import.meta.url).resolve('onnxruntime-node');
    const folder = join(main, '../../bin/napi-v6', process.platform, process.arch);
    const name = readdirSync(folder).find((file) =>
      /^(lib)?onnxruntime\.(so|dylib|dll|\d)/.test(file),
    );
    return name && join(folder, name);
  } catch {
    return undefined;
  }
}
