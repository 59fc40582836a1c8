import { type CommandOptions, runFirstCommand } from './run-command';

/**
 * Every Python that a framework supports has the same library in its wheel: this one's is taken, whatever Python is
 * installed.
 */
const PYTHON_VERSION = '3.12';

/** glibc 2.28 is what ONNX Runtime's wheels for CUDA ask for, the newest of all that are fetched. */
const GLIBC_VERSIONS = [28, 27, 26, 24, 17, 12, 5];

/**
 * Installs wheels into a folder of their own with the user's pip, else with uv: so their index, proxy and cache settings
 * hold, and the index's checksums are verified.
 *
 * @throws saying why each way failed
 */
export function installWheels(
  requested: readonly string[],
  directory: string,
  options: CommandOptions,
): Promise<void> {
  return runFirstCommand(installers(requested, directory), options);
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
