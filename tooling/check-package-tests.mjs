/**
 * Tests each package by itself on a clean clone, as somebody does who works on one alone:
 *
 *     node tooling/check-package-tests.mjs [PACKAGE…]
 *
 * Each must build what it stands on, and nothing else. Of its tests the smallest file is run: the others are CI's, in
 * another place. The clone is of the last commit; what this checkout has built of it already is taken from turbo's cache.
 */
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';

const clone = mkdtempSync(join(tmpdir(), 'dlcmp-clone-'));
process.env.TURBO_CACHE_DIR ??= join(process.cwd(), '.turbo', 'cache');

function run(program, args, cwd = clone) {
  execFileSync(program, args, { cwd, stdio: 'inherit', shell: process.platform === 'win32' });
}

const pnpm = (...args) => run('npx', ['-y', 'pnpm@10', ...args]);

/** `{ folder, name, needs }` of every package: the names of those of the workspace that it stands on directly. */
function workspacePackages() {
  return ['apps', 'packages']
    .flatMap((group) => readdirSync(join(clone, group)).map((name) => join(group, name)))
    .map((folder) => {
      const manifest = JSON.parse(readFileSync(join(clone, folder, 'package.json'), 'utf8'));
      const all = Object.entries({ ...manifest.dependencies, ...manifest.devDependencies });
      const needs = all.filter(([, range]) => range.startsWith('workspace:')).map(([name]) => name);
      return { folder, name: manifest.name, needs };
    });
}

/** The package and all that it stands on. */
function standsOn(name, packages, found = new Set()) {
  if (found.has(name)) return found;
  found.add(name);
  for (const need of packages.find((each) => each.name === name).needs) {
    standsOn(need, packages, found);
  }
  return found;
}

/** Leaves the smallest test alone there: turbo would build anew for each other argument that names one. */
function keepSmallestTest(folder) {
  const tests = readdirSync(join(clone, folder, 'test'), { recursive: true })
    .filter((name) => name.endsWith('.test.ts'))
    .map((name) => join(clone, folder, 'test', name))
    .sort((a, b) => statSync(a).size - statSync(b).size);
  const [smallest, ...others] = tests;
  for (const other of others) rmSync(other);
  return relative(join(clone, folder), smallest);
}

function builtPackages(packages) {
  return packages.filter(({ folder }) => existsSync(join(clone, folder, 'dist')));
}

try {
  run('git', ['clone', '--quiet', process.cwd(), '.']);
  pnpm('install', '--frozen-lockfile', '--prefer-offline', '--silent');
  const packages = workspacePackages();
  const wanted = process.argv.slice(2);
  for (const { folder, name } of packages) {
    if (wanted.length > 0 && !wanted.some((part) => folder.endsWith(part))) continue;
    for (const built of builtPackages(packages)) {
      rmSync(join(clone, built.folder, 'dist'), { recursive: true });
    }
    console.log(`\n${name}: ${keepSmallestTest(folder)}`);
    pnpm('--dir', folder, 'test');
    const names = builtPackages(packages).map((built) => built.name);
    assert.deepEqual(names.sort(), [...standsOn(name, packages)].sort(), `${name} built others.`);
  }
  console.log('\nEach package was tested by itself.');
} finally {
  rmSync(clone, { recursive: true, force: true });
}
