import { execFile } from 'node:child_process';
import { mkdtemp, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { DlcmpError } from '@dlcmp/contract';

/** A build of the adapters: a folder in which they are found. */
export interface SideFolder {
  /** Absolute. */
  readonly folder: string;
  /** Takes away what was installed for it. */
  remove(): Promise<void>;
}

/**
 * What `base` or `head` names: a folder, or else what npm installs (`@dlcmp/cnn-onnx@1.2.0`, a packed file).
 *
 * @throws `INVALID_ARGUMENT` where it is neither
 */
export async function openSide(name: string): Promise<SideFolder> {
  const known = await stat(name).catch(() => undefined);
  if (known?.isDirectory()) return { folder: resolve(name), remove: async () => {} };
  const folder = await mkdtemp(join(tmpdir(), 'dlcmp-ab-'));
  const remove = () => rm(folder, { recursive: true, force: true });
  try {
    await writeFile(join(folder, 'package.json'), '{"private": true}');
    await install(known ? resolve(name) : name, folder);
    return { folder, remove };
  } catch (cause) {
    await remove();
    const { stderr, message } = cause as { readonly stderr?: string; readonly message: string };
    const reason = (stderr?.trim() || message).split('\n').slice(0, 3).join(' ');
    throw new DlcmpError(
      'INVALID_ARGUMENT',
      `${name} is no folder, and npm can't install it: ${reason} Name a built checkout of dlcmp, a folder where an adapter is installed, or a package as NAME@VERSION.`,
      { cause },
    );
  }
}

async function install(what: string, folder: string): Promise<void> {
  const flags = ['--no-audit', '--no-fund', '--ignore-scripts', '--prefer-offline'];
  await promisify(execFile)('npm', ['install', ...flags, what], {
    cwd: folder,
    shell: process.platform === 'win32',
  });
}
