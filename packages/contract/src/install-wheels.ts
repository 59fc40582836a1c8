import { spawn } from 'node:child_process';

export interface InstallerOptions {
  /** Whether the user sees what it prints, on standard error. */
  readonly visible: boolean;
  readonly signal?: AbortSignal | undefined;
}

/**
 * Every Python that a framework supports has the same library in its wheel: this one's is taken, whatever Python is
 * installed.
 */
const PYTHON_VERSION = '3.12';

/** glibc 2.28 is what ONNX Runtime's wheels for CUDA ask for, the newest of all that are fetched. */
const GLIBC_VERSIONS = [28, 27, 26, 24, 17, 12, 5];

const STANDARD_ERROR = 2;

/**
 * Installs wheels into a folder of their own with the user's pip, else with uv: so their index, proxy and cache settings
 * hold, and the index's checksums are verified.
 *
 * @throws saying why each way failed
 */
export async function installWheels(
  requested: readonly string[],
  directory: string,
  options: InstallerOptions,
): Promise<void> {
  const failures: string[] = [];
  for (const [program, ...args] of installers(requested, directory)) {
    try {
      await run(program as string, args, options);
      return;
    } catch (error) {
      options.signal?.throwIfAborted();
      failures.push(error instanceof Error ? error.message : String(error));
    }
  }
  throw new Error(failures.join('; '));
}

function installers(requested: readonly string[], directory: string): string[][] {
  const python = process.env.DLCMP_PYTHON ?? 'python3';
  const machine = process.arch === 'arm64' ? 'aarch64' : 'x86_64';
  const platforms = [
    ...GLIBC_VERSIONS.map((minor) => `manylinux_2_${minor}_${machine}`),
    ...[`manylinux2014_${machine}`, `manylinux2010_${machine}`, `manylinux1_${machine}`],
  ];
  const shared = ['--no-deps', '--only-binary=:all:', '--target', directory];
  const pip = [
    ...['install', ...shared, '--no-compile', '--disable-pip-version-check'],
    ...['--python-version', PYTHON_VERSION, '--implementation', 'cp'],
    ...platforms.flatMap((platform) => ['--platform', platform]),
    ...requested,
  ];
  const uv = [
    ...['uv', 'pip', 'install', ...shared, '--python-version', PYTHON_VERSION],
    ...['--python-platform', `${machine}-manylinux_2_28`, ...requested],
  ];
  return [[python, '-m', 'pip', ...pip], ['pip', ...pip], uv];
}

/** @throws with the last line that it printed as an error */
function run(
  program: string,
  args: readonly string[],
  { visible, signal }: InstallerOptions,
): Promise<void> {
  return new Promise((resolve, reject) => {
    const stdout = visible ? STANDARD_ERROR : 'ignore';
    const child = spawn(program, args, {
      stdio: ['ignore', stdout, 'pipe'],
      signal,
      env: process.env,
    });
    let errors = '';
    child.stderr?.on('data', (chunk: Buffer) => {
      errors += chunk;
      if (visible) process.stderr.write(chunk);
    });
    child.once('error', reject);
    child.once('close', (code) => {
      if (code === 0) resolve();
      else reject(new Error(`${program} failed: ${lastError(errors) ?? `exit code ${code}`}`));
    });
  });
}

/** The last line that says what went wrong; pip adds advice about its own version after it. */
function lastError(output: string): string | undefined {
  const lines = output.split('\n').filter((line) => line.trim() !== '');
  return lines.findLast((line) => /^error/i.test(line)) ?? lines.at(-1);
}
