/**
 * Installs the tarball of every package into an empty project and compiles a strict program that imports each of their
 * entries: as an ES module and as CommonJS by Node.js's own rules, and by a bundler's. Declarations of libraries are
 * checked too, and nothing is there but what the packages bring. TensorFlow.js and onnxruntime-node name browsers' and other
 * global types in their declarations; the packages that stand on neither need none but TypeScript's own.
 */
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { packWorkspace } from './pack-workspace.mjs';

const PROGRAMS = [
  { name: 'node16 ES module', file: 'index.mts', module: 'node16', moduleResolution: 'node16' },
  { name: 'node16 CommonJS', file: 'index.cts', module: 'node16', moduleResolution: 'node16' },
  { name: 'bundler', file: 'bundled.ts', module: 'esnext', moduleResolution: 'bundler' },
];

/** Packages whose libraries' declarations name global types, or whose own name Node.js's (`node:http`). */
const NAMES_GLOBAL_TYPES = new Set([
  ...['@dlcmp/cnn-onnx', '@dlcmp/cnn-tfjs', '@dlcmp/tensorflow', '@dlcmp/serving'],
]);

/** Packages that hand on all of TensorFlow.js: its declarations of layers are not correct by TypeScript's strict rules. */
const HANDS_ON_TENSORFLOW_JS = new Set(['@dlcmp/tfjs-node', '@dlcmp/tfjs-node-gpu']);

const compiler = resolve('node_modules/typescript/bin/tsc');
const workshop = mkdtempSync(join(tmpdir(), 'dlcmp-types-'));

/** Names of what can be imported from a package: `@dlcmp/tensorflow`, `@dlcmp/tensorflow/setup`. */
function entriesOf({ name, exports }) {
  return Object.keys(exports)
    .filter((path) => !path.endsWith('.json'))
    .map((path) => name + path.slice(1));
}

function compile(project, { name, file, ...moduleOptions }, options, entries) {
  const lines = entries.map((entry, index) => `import * as entry${index} from '${entry}';`);
  const uses = entries.map((_, index) => `entry${index}`).join(', ');
  writeFileSync(join(project, file), `${lines.join('\n')}\nexport const all = [${uses}];\n`);
  const compilerOptions = {
    ...moduleOptions,
    ...{ target: 'es2022', strict: true, skipLibCheck: false, noEmit: true },
    ...options,
  };
  writeFileSync(join(project, 'tsconfig.json'), JSON.stringify({ compilerOptions, files: [file] }));
  console.log(`${name}: ${entries.join(', ')}`);
  execFileSync(process.execPath, [compiler, '-p', project], { stdio: 'inherit' });
}

try {
  const tarballs = join(workshop, 'tarballs');
  const project = join(workshop, 'project');
  mkdirSync(tarballs);
  mkdirSync(project);
  packWorkspace(tarballs);
  const manifests = readdirSync('packages').map((name) =>
    JSON.parse(readFileSync(join('packages', name, 'package.json'), 'utf8')),
  );
  const packed = Object.fromEntries(
    manifests.map(({ name, version }) => [
      name,
      `file:${join(tarballs, `${name.replace('@', '').replace('/', '-')}-${version}.tgz`)}`,
    ]),
  );
  writeFileSync(
    join(project, 'package.json'),
    JSON.stringify({ private: true, dependencies: packed, pnpm: { overrides: packed } }),
  );
  // Types of the libraries' own dependencies lie where npm puts them.
  const flags = [
    '--config.node-linker=hoisted',
    '--ignore-workspace',
    '--ignore-scripts',
    '--prefer-offline',
    '--silent',
  ];
  execFileSync('pnpm', ['install', ...flags], { cwd: project, stdio: 'inherit' });
  const own = manifests.filter(({ name }) => !HANDS_ON_TENSORFLOW_JS.has(name));
  const handsOn = manifests.filter(({ name }) => HANDS_ON_TENSORFLOW_JS.has(name));
  const plain = own.filter(({ name }) => !NAMES_GLOBAL_TYPES.has(name));
  for (const program of PROGRAMS) {
    compile(project, program, {}, own.flatMap(entriesOf));
    compile(project, program, { types: [] }, plain.flatMap(entriesOf));
    compile(project, program, { skipLibCheck: true }, handsOn.flatMap(entriesOf));
  }
  console.log('\nThe types of every package compile strictly.');
} finally {
  rmSync(workshop, { recursive: true, force: true });
}
