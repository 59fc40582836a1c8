import { execFileSync } from 'node:child_process';

/** Prints where Python's `tensorflow` lies, without importing it. */
const FIND_PACKAGE =
  "import importlib.util as u; s = u.find_spec('tensorflow'); print(s.submodule_search_locations[0] if s else '')";

const TIMEOUT_MS = 20_000;

/** Folder of the TensorFlow that the user's Python has (`DLCMP_PYTHON`, else `python3`), if it has one. */
export function pythonLibraryDirectory(): string | undefined {
  const python = process.env.DLCMP_PYTHON ?? 'python3';
  try {
    const output = execFileSync(python, ['-c', FIND_PACKAGE], {
      encoding: 'utf8',
      timeout: TIMEOUT_MS,
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    return output.trim() || undefined;
  } catch {
    return undefined;
  }
}
