/**
 * Packs every package as it would be published and has publint and are-the-types-wrong look at the
 * tarballs. Exits 1 at the first that fails.
 */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { packWorkspace } from './pack-workspace.mjs';

const directory = mkdtempSync(join(tmpdir(), 'dlcmp-pack-'));
const run = (program, ...args) =>
  execFileSync(process.execPath, [program, ...args], { stdio: 'inherit' });

try {
  packWorkspace(directory);
  for (const tarball of readdirSync(directory)) {
    console.log(`\n${tarball}`);
    const path = join(directory, tarball);
    run('node_modules/publint/src/cli.js', 'run', path, '--strict');
    run('node_modules/@arethetypeswrong/cli/dist/index.js', path, '--format', 'ascii');
  }
} finally {
  rmSync(directory, { recursive: true });
}
