import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';

/** A folder tree that looks like a machine with, or without, a GPU and CUDA. */
export interface FakeMachine {
  readonly directory: string;
  /** Writes empty files. */
  files(...paths: readonly string[]): void;
  /** Puts an `nvidia-smi` on the PATH that prints `output`. */
  nvidiaSmi(output: string, exitCode?: number): void;
  /** Puts back the environment and removes the folder. */
  remove(): void;
}

/** What nvidia-smi answers about one GPU. */
export const H100 = 'NVIDIA H100 80GB HBM3, 580.159.04, 9.0, 81559, 4';

/** Only its own folder is searched, and only its own programs are on the PATH. */
export function createFakeMachine(): FakeMachine {
  const directory = mkdtempSync(join(tmpdir(), 'dlcmp-cuda-'));
  const kept = { ...process.env };
  const programs = join(directory, 'bin');
  mkdirSync(programs);
  process.env.PATH = [programs, '/bin', '/usr/bin'].join(delimiter);
  process.env.XDG_CACHE_HOME = join(directory, 'cache');
  process.env.DLCMP_CUDA = join(directory, 'libraries');
  return {
    directory,
    files: (...paths) => {
      for (const path of paths) {
        mkdirSync(dirname(join(directory, path)), { recursive: true });
        writeFileSync(join(directory, path), '');
      }
    },
    nvidiaSmi: (output, exitCode = 0) => {
      const path = join(programs, 'nvidia-smi');
      writeFileSync(path, `#!/bin/sh\nprintf '%s\\n' '${output}'\nexit ${exitCode}\n`);
      chmodSync(path, 0o755);
    },
    remove: () => {
      process.env = kept;
      rmSync(directory, { recursive: true });
    },
  };
}
