import { execFileSync } from 'node:child_process';

/** Packs every workspace package into `directory` as the tarball that would be published. */
export function packWorkspace(directory) {
  const filters = ['--filter', './packages/*', '--filter', './apps/*'];
  execFileSync('pnpm', ['--recursive', ...filters, 'pack', '--pack-destination', directory], {
    stdio: ['ignore', 'ignore', 'inherit'],
    shell: process.platform === 'win32',
  });
}
