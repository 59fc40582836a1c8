/**
 * Runs every example as a user would: packs the workspace, and for each folder of `examples/` and
 * each package README's ```js block makes an empty project, installs the tarballs, and runs it. The
 * command itself is asked for the peers that come with it.
 */
import { execFileSync } from 'node:child_process';
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { packWorkspace } from './pack-workspace.mjs';

const workshop = mkdtempSync(join(tmpdir(), 'dlcmp-examples-'));
const tarballs = join(workshop, 'tarballs');

/** File URL of each packed package, by its name. */
function packedPackages() {
  mkdirSync(tarballs);
  packWorkspace(tarballs);
  return Object.fromEntries(
    readdirSync(tarballs).map((file) => {
      const name = file.replace(/^dlcmp-/, '').replace(/-\d+\.\d+\.\d+.*$/, '');
      return [`@dlcmp/${name}`, `file:${join(tarballs, file)}`];
    }),
  );
}

/** The examples: a name, what the project depends on, and what puts its `index.mjs` there. */
function examples() {
  const folders = readdirSync('examples', { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    // Examples in other languages have no package.
    .filter(({ name }) => existsSync(join('examples', name, 'package.json')))
    .map(({ name }) => join('examples', name));
  return [...folders.map(fromFolder), ...readdirSync('packages').map(fromReadme), fromCommand()];
}

function fromFolder(folder) {
  const { dependencies } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
  return {
    name: folder,
    dependencies,
    place: (project) => cpSync(folder, project, { recursive: true }),
  };
}

function fromReadme(name) {
  const readme = readFileSync(join('packages', name, 'README.md'), 'utf8');
  const code = readme.match(/^```js\n([\s\S]*?)^```/m)?.[1];
  if (!code) throw new Error(`packages/${name}/README.md has no \`\`\`js block.`);
  return {
    name: `packages/${name}/README.md`,
    dependencies: Object.fromEntries(importedPackages(code).map((imported) => [imported, '*'])),
    place: (project) => writeFileSync(join(project, 'index.mjs'), code),
  };
}

/** Names of the packages that `code` imports, Node.js's own left out. */
function importedPackages(code) {
  const imports = code.matchAll(/(?:from |import\()'((?:@[^/']+\/)?[^/':]+)[^':]*'/g);
  return [...new Set([...imports].map(([, name]) => name))];
}

/** The command, as who installs it has it. */
function fromCommand() {
  return {
    name: 'apps/cli',
    dependencies: { '@dlcmp/cli': '*' },
    place: (project) => cpSync('tooling/check-packed-peers.mjs', join(project, 'index.mjs')),
  };
}

function runExample({ name, dependencies, place }, packed) {
  console.log(`\n${name}`);
  const project = join(workshop, basename(name) === 'README.md' ? name.split('/')[1] : name);
  mkdirSync(project, { recursive: true });
  place(project);
  writeFileSync(
    join(project, 'package.json'),
    JSON.stringify({
      private: true,
      type: 'module',
      dependencies: { ...dependencies, ...pick(packed, Object.keys(dependencies)) },
      pnpm: { overrides: packed },
    }),
  );
  const options = { cwd: project, stdio: 'inherit', shell: process.platform === 'win32' };
  execFileSync('pnpm', ['install', '--ignore-workspace', '--silent'], options);
  execFileSync(process.execPath, ['index.mjs'], options);
}

function pick(record, keys) {
  return Object.fromEntries(keys.filter((key) => key in record).map((key) => [key, record[key]]));
}

try {
  const packed = packedPackages();
  const wanted = process.argv.slice(2);
  const chosen = examples().filter(
    ({ name }) => wanted.length === 0 || wanted.some((part) => name.includes(part)),
  );
  for (const example of chosen) runExample(example, packed);
  console.log(`\n${chosen.length} examples ran.`);
} finally {
  if (existsSync(workshop)) rmSync(workshop, { recursive: true });
}
