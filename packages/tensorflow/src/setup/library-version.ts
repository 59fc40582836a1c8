import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { LIBRARY_VERSION } from '../built-files';

const run = promisify(execFile);

/**
 * The version that a library states, asked in a process of its own: this one may hold another TensorFlow, will want to load
 * the files from where they are moved to, and survives what a damaged library does to its process.
 *
 * @param files in the order of loading
 * @throws where the library cannot be loaded
 */
export async function libraryVersion(files: readonly string[]): Promise<string> {
  const script = fileURLToPath(LIBRARY_VERSION);
  try {
    const { stdout } = await run(process.execPath, [script, ...files]);
    return stdout.trim();
  } catch (error) {
    const { stderr = '', signal } = error as { stderr?: string; signal?: string };
    throw new Error(
      signal
        ? `loading it ends a process by ${signal}`
        : (/^\w*Error: (.*)$/m.exec(stderr)?.[1] ?? stderr),
      { cause: error },
    );
  }
}
