import { readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { type CommandOptions, makeFolder, runFirstCommand } from '@dlcmp/contract';
import { machineTraits, wheelRequest } from './wheel-request';

export interface WheelOptions extends CommandOptions {
  /** E.g. `2.19.1`. Default: the newest. */
  readonly version?: string | undefined;
  readonly gpu: boolean;
  /** Where the wheel goes. */
  readonly directory: string;
}

/**
 * Every Python that TensorFlow supports has the same library in its wheel: this one's is taken,
 * whatever Python is installed.
 */
const PYTHON_VERSION = '3.12';

/**
 * Fetches the official wheel with the user's own pip, else with uv: so their index, proxy and cache settings hold, and
 * the index's checksum is verified.
 *
 * @returns the wheel's path
 * @throws saying why each way failed
 */
export async function downloadWheel(options: WheelOptions): Promise<string> {
  const args = pipArguments(options);
  await rm(options.directory, { recursive: true, force: true });
  await makeFolder(options.directory);
  await runFirstCommand(
    pipCommands().map((command) => [...command, ...args]),
    options,
  );
  return findWheel(options.directory);
}

function pipCommands(): string[][] {
  const python = process.env.DLCMP_PYTHON ?? 'python3';
  return [[python, '-m', 'pip'], ['pip'], ['uvx', 'pip']];
}

function pipArguments({ version, gpu, directory }: WheelOptions): string[] {
  const request = wheelRequest(machineTraits(), gpu);
  return [
    ...['download', '--no-deps', '--only-binary=:all:', '--disable-pip-version-check'],
    ...request.platforms.flatMap((platform) => ['--platform', platform]),
    ...['--python-version', PYTHON_VERSION, '--implementation', 'cp'],
    ...['--dest', directory],
    version === undefined ? request.package : `${request.package}==${version}`,
  ];
}

async function findWheel(directory: string): Promise<string> {
  const wheel = (await readdir(directory)).find((name) => name.endsWith('.whl'));
  if (!wheel) throw new Error('no wheel arrived');
  return join(directory, wheel);
}
