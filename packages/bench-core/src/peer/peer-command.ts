import { accessSync, constants } from 'node:fs';
import { basename, delimiter, join, resolve } from 'node:path';
import type { PeerManifest } from './peer-manifest';

/**
 * Program and arguments of a peer. `{node}` is the running Node.js. `{python}` is the interpreter
 * that `DLCMP_PYTHON` names, from the current folder where it is a relative path; else `uv run --script`, where there is uv, which reads a script's
 * dependencies from its first lines (PEP 723); else `python3`.
 */
export function peerCommand({ command }: Pick<PeerManifest, 'command'>): readonly string[] {
  return command.flatMap((word) => {
    if (word === '{python}') return pythonCommand();
    return word === '{node}' ? [process.execPath] : [word];
  });
}

function pythonCommand(): readonly string[] {
  const { DLCMP_PYTHON } = process.env;
  if (DLCMP_PYTHON) return [isName(DLCMP_PYTHON) ? DLCMP_PYTHON : resolve(DLCMP_PYTHON)];
  return isOnPath('uv') ? ['uv', 'run', '--quiet', '--script'] : ['python3'];
}

/** What is no path is looked for on the PATH. */
function isName(program: string): boolean {
  return basename(program) === program;
}

function isOnPath(program: string): boolean {
  const folders = (process.env.PATH ?? '').split(delimiter);
  return folders.some((folder) => isExecutable(join(folder, program)));
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
