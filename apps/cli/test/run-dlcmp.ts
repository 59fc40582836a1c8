import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const bin = fileURLToPath(new URL('../dist/bin.js', import.meta.url));

export interface Ending {
  readonly status: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs the built program as a shell would, in `cwd`. Rejects where it was ended from outside. */
export function runDlcmp(args: readonly string[], cwd: string): Promise<Ending> {
  const env = { ...process.env, XDG_CACHE_HOME: cwd, NODE_OPTIONS: '', DLCMP_NO_SETUP: '1' };
  return new Promise((resolve, reject) => {
    execFile(process.execPath, [bin, ...args], { cwd, env }, (error, stdout, stderr) => {
      const status = error ? error.code : 0;
      if (typeof status === 'number') resolve({ status, stdout, stderr });
      else reject(error);
    });
  });
}
