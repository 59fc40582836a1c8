/**
 * Installs `@dlcmp/cnn-onnx` as its README says for machines where onnxruntime-node's install script can't reach its feed,
 * `npm install --ignore-scripts`, into an empty project, and runs the README's example: it must train, save and predict. What is left
 * of it once pruned must do so too, and fit and run as an AWS Lambda function. The sizes on a deployment's card, of this adapter and of
 * the others, must be those that du tells of a fresh install, before and after the card's commands have run.
 */
import { execFileSync } from 'node:child_process';
import {
  cpSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { measureInstall } from '../packages/bench-core/dist/index.js';
import { packWorkspace } from './pack-workspace.mjs';

const ADAPTERS = ['cnn-onnx', 'cnn-tfjs', 'baseline-rf'];

const workshop = mkdtempSync(join(tmpdir(), 'dlcmp-npm-'));
const tarballs = join(workshop, 'tarballs');

/** The package and those of the workspace that it stands on. */
function standsOn(name, found = new Set()) {
  if (found.has(name)) return found;
  found.add(name);
  const { dependencies } = JSON.parse(readFileSync(join('packages', name, 'package.json'), 'utf8'));
  const own = Object.keys(dependencies).filter((each) => each.startsWith('@dlcmp/'));
  for (const each of own) standsOn(each.replace('@dlcmp/', ''), found);
  return found;
}

/** An empty project in which npm has installed a package; what runs in it. */
function install(name) {
  const project = join(workshop, name);
  mkdirSync(project);
  writeFileSync(join(project, 'package.json'), '{"private": true}');
  const packed = readdirSync(tarballs);
  const files = [...standsOn(name)].map((each) =>
    join(
      tarballs,
      packed.find((file) => file.startsWith(`dlcmp-${each}-0`)),
    ),
  );
  const flags = ['--ignore-scripts', '--no-audit', '--no-fund', '--prefer-offline'];
  const options = { cwd: project, stdio: 'inherit', shell: process.platform === 'win32' };
  execFileSync('npm', ['install', ...flags, ...files], options);
  return { project, runFile: (file) => execFileSync(process.execPath, [file], options) };
}

/** Bytes of all files of packages in `project`, as du counts them; npm's own list of them is none. */
function installedBytes(project) {
  const find =
    'find node_modules -type f ! -name .package-lock.json -print0 | du --bytes --files0-from=- --total | tail -1';
  return Number.parseInt(execFileSync('sh', ['-c', find], { cwd: project, encoding: 'utf8' }), 10);
}

/** The card's sizes beside du's; prunes the project. */
function checkSizes(project, name) {
  const card = measureInstall(join(project, 'node_modules', '@dlcmp', name));
  const kept = card.pruned.find(({ platform }) => platform === card.platform).bytes;
  mustEqual(`${name} installed`, card.bytes, installedBytes(project));
  mustEqual(`${name} pruned as in the Dockerfile`, kept, prunedByDockerfile(project));
  for (const command of card.commands) execFileSync('sh', ['-c', command], { cwd: project });
  mustEqual(`${name} pruned`, kept, installedBytes(project));
}

/** Bytes of a copy of `project` in which the Dockerfile's commands have run. */
function prunedByDockerfile(project) {
  const copy = `${project}-docker`;
  mkdirSync(copy);
  execFileSync('cp', ['-rl', join(project, 'node_modules'), copy]);
  const dockerfile = readFileSync(join('examples', 'docker', 'Dockerfile'), 'utf8');
  const [, commands] = /^RUN (find[\s\S]*?[^\\])\n/m.exec(dockerfile);
  execFileSync('sh', ['-c', commands], { cwd: copy });
  return installedBytes(copy);
}

function mustEqual(what, onCard, byDu) {
  if (onCard !== byDu) throw new Error(`${what}: ${onCard} bytes on the card, ${byDu} by du`);
  console.log(`${what}: ${byDu} bytes, on the card and by du`);
}

try {
  mkdirSync(tarballs);
  packWorkspace(tarballs);
  for (const name of ADAPTERS) {
    const { project, runFile } = install(name);
    if (name === 'cnn-onnx') {
      const readme = readFileSync(join('packages', name, 'README.md'), 'utf8');
      writeFileSync(join(project, 'index.mjs'), readme.match(/^```js\n([\s\S]*?)^```/m)[1]);
      runFile('index.mjs');
    }
    // The commands are for a POSIX shell, and du is GNU's.
    if (process.platform !== 'linux') continue;
    checkSizes(project, name);
    if (name !== 'cnn-onnx') continue;
    runFile('index.mjs');
    // The pruned project as an AWS Lambda function, without a cloud: its folder, its size, two events.
    cpSync(join('examples', 'lambda'), project, { recursive: true });
    runFile('check.mjs');
  }
  console.log('\n@dlcmp/cnn-onnx works where it was installed with --ignore-scripts.');
} finally {
  rmSync(workshop, { recursive: true, force: true });
}
