/**
 * Installs `@dlcmp/cnn-onnx` as its README says for machines where onnxruntime-node's install script can't reach its feed,
 * `npm install --ignore-scripts`, into an empty project, and runs the README's example: it must train, save and predict.
 */
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { packWorkspace } from './pack-workspace.mjs';

const PACKAGE = 'cnn-onnx';

const workshop = mkdtempSync(join(tmpdir(), 'dlcmp-npm-'));

/** The package and those of the workspace that it stands on. */
function standsOn(name, found = new Set()) {
  if (found.has(name)) return found;
  found.add(name);
  const { dependencies } = JSON.parse(readFileSync(join('packages', name, 'package.json'), 'utf8'));
  const own = Object.keys(dependencies).filter((each) => each.startsWith('@dlcmp/'));
  for (const each of own) standsOn(each.replace('@dlcmp/', ''), found);
  return found;
}

try {
  const tarballs = join(workshop, 'tarballs');
  const project = join(workshop, 'project');
  mkdirSync(tarballs);
  mkdirSync(project);
  packWorkspace(tarballs);
  const files = [...standsOn(PACKAGE)].map((name) =>
    join(
      tarballs,
      readdirSync(tarballs).find((file) => file.startsWith(`dlcmp-${name}-0`)),
    ),
  );
  writeFileSync(join(project, 'package.json'), '{"private": true}');
  const readme = readFileSync(join('packages', PACKAGE, 'README.md'), 'utf8');
  writeFileSync(join(project, 'index.mjs'), readme.match(/^```js\n([\s\S]*?)^```/m)[1]);
  const options = { cwd: project, stdio: 'inherit', shell: process.platform === 'win32' };
  const flags = ['--ignore-scripts', '--no-audit', '--no-fund', '--prefer-offline'];
  execFileSync('npm', ['install', ...flags, ...files], options);
  execFileSync(process.execPath, ['index.mjs'], options);
  console.log(`\n@dlcmp/${PACKAGE} works where it was installed with --ignore-scripts.`);
} finally {
  rmSync(workshop, { recursive: true, force: true });
}
