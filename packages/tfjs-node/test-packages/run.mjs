/**
 * Installs packages that stand on TensorFlow.js as npm has them into an empty project, `@dlcmp/tfjs-node` in tfjs-node's place,
 * and runs a program with each on native TensorFlow and on TensorFlow.js's own backend `cpu`: answers must be equal within
 * 0.0001. Half a gigabyte is installed. A name as argument runs that program alone.
 *
 *   pnpm build && pnpm --filter @dlcmp/tfjs-node test:packages
 */
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const here = (path) => fileURLToPath(new URL(path, import.meta.url));
const [only] = process.argv.slice(2);
const names = Object.keys(createRequire(import.meta.url)('./programs.cjs')).filter(
  (name) => only === undefined || name === only,
);
const LIMIT = 1e-4;

/** Brings the packages, with our own tarballs in the place of tfjs-node. */
function install(project, tarballs) {
  process.chdir(here('../../..'));
  mkdirSync(tarballs);
  const ours = ['contract', 'kernels', 'cuda', 'tensorflow', 'tfjs-node'].map((name) => {
    const args = ['--filter', `@dlcmp/${name}`, 'pack', '--pack-destination', tarballs];
    execFileSync('pnpm', args, { stdio: 'ignore', shell: process.platform === 'win32' });
    const file = readdirSync(tarballs).find((packed) => packed.startsWith(`dlcmp-${name}-0`));
    return [`@dlcmp/${name}`, `file:${join(tarballs, file)}`];
  });
  const { '@dlcmp/tfjs-node': standIn, ...others } = Object.fromEntries(ours);
  const versions = { '@tensorflow/tfjs': '4.22.0', '@tensorflow/tfjs-core': '4.22.0' };
  const wanted = [...names, 'upscaler', '@upscalerjs/default-model', '@vladmandic/face-api'];
  const manifest = {
    private: true,
    dependencies: {
      ...Object.fromEntries(wanted.map((name) => [name, '*'])),
      ...versions,
      '@tensorflow/tfjs-node': standIn,
    },
    overrides: {
      ...others,
      ...Object.fromEntries(Object.keys(versions).map((name) => [name, `$${name}`])),
      '@tensorflow/tfjs-node': '$@tensorflow/tfjs-node',
      // danfojs names an address outside of npm's registry.
      xlsx: '0.18.5',
    },
  };
  writeFileSync(join(project, 'package.json'), JSON.stringify(manifest));
  const flags = ['--ignore-scripts', '--no-audit', '--no-fund', '--legacy-peer-deps', '--silent'];
  execFileSync('npm', ['install', ...flags], {
    ...{ cwd: project, stdio: 'inherit', shell: process.platform === 'win32' },
  });
}

function answer(project, name, backend) {
  const args = [here('run-program.cjs'), name, backend];
  const stdio = ['ignore', 'pipe', 'inherit'];
  const options = { cwd: project, stdio, encoding: 'utf8', maxBuffer: 2 ** 28 };
  const lines = execFileSync(process.execPath, args, options).split('\n');
  return JSON.parse(lines.find((line) => line.startsWith('{"numbers"'))).numbers;
}

const workshop = mkdtempSync(join(tmpdir(), 'dlcmp-packages-'));
try {
  const project = join(workshop, 'project');
  mkdirSync(project);
  install(project, join(workshop, 'tarballs'));
  for (const name of names) {
    const [expected, actual] = ['cpu', 'tensorflow'].map((backend) =>
      answer(project, name, backend),
    );
    const errors = expected.map(
      (value, index) => Math.abs(value - actual[index]) / Math.max(1, Math.abs(value)),
    );
    const worst = errors.reduce((most, error) => Math.max(most, error), 0);
    const isEqual = actual.length === expected.length && expected.length > 0 && worst <= LIMIT;
    if (!isEqual) process.exitCode = 1;
    console.log(
      `${isEqual ? 'equal' : 'DIFFERS'}  ${name}: ${expected.length} numbers, ${worst.toExponential(1)} apart`,
    );
  }
} finally {
  rmSync(workshop, { recursive: true, force: true });
}
