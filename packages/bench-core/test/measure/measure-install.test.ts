import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { isLeftOut } from '../../src/measure/install/left-out';
import { measureInstall } from '../../src/measure/install/measure-install';

let root: string;

/** A file of `bytes` at `path` below the root, or one that holds `content`. */
async function file(path: string, content: number | object): Promise<void> {
  await mkdir(dirname(join(root, path)), { recursive: true });
  const text = typeof content === 'number' ? 'x'.repeat(content) : JSON.stringify(content);
  await writeFile(join(root, path), text);
}

const size = (manifest: object) => JSON.stringify(manifest).length;
const app = { name: 'app', version: '1.0.0', dependencies: { left: '*', right: '*' } };
const left = { name: 'left', version: '2.0.0', dependencies: { right: '*' } };
const right = {
  ...{ name: 'right', version: '3.0.0', dependencies: { left: '*' } },
  optionalDependencies: { elsewhere: '*' },
};

beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'dlcmp-install-'));
  await file('node_modules/app/package.json', app);
  await file('node_modules/app/dist/index.js', 10);
  await file('node_modules/app/dist/index.js.map', 100);
  await file('store/left/package.json', left);
  await file('store/left/bin/napi-v6/linux/x64/native.node', 1000);
  await file('store/left/bin/napi-v6/linux/arm64/native.node', 2000);
  await file('store/left/bin/napi-v6/win32/x64/native.node', 4000);
  await symlink(join(root, 'store/left'), join(root, 'node_modules/left'));
  // Its own copy, as npm puts it where versions differ.
  await file('node_modules/app/node_modules/right/package.json', right);
  await symlink(join(root, 'node_modules/app/node_modules/right'), join(root, 'store/right'));
  await mkdir(join(root, 'store/left/node_modules'));
  await symlink(join(root, 'store/right'), join(root, 'store/left/node_modules/right'));
});
afterAll(() => rm(root, { recursive: true }));

describe('measureInstall', () => {
  const manifests = size(app) + size(left) + size(right);

  it('counts each package once, through links and circles, and none that is not there', () => {
    const { bytes, packages } = measureInstall(join(root, 'node_modules/app'));
    expect(packages.map(({ name }) => name)).toEqual(['left', 'app', 'right']);
    expect(bytes).toBe(manifests + 110 + 7000);
  });

  it('leaves out the binaries of other platforms, and maps', () => {
    const { pruned } = measureInstall(join(root, 'node_modules/app'));
    const bytes = Object.fromEntries(pruned.map((each) => [each.platform, each.bytes]));
    const own = `${process.platform}-${process.arch}`;
    expect(bytes).toEqual({
      [own]: manifests + 10,
      'linux-x64': manifests + 10 + 1000,
      'linux-arm64': manifests + 10 + 2000,
      'win32-x64': manifests + 10 + 4000,
    });
  });

  it('takes no folder for a platform that only sounds like one', () => {
    for (const path of ['src/linux/readme.md', 'notlinux/x64/a.js', 'x64/linux/a.js'])
      expect(isLeftOut({ path, bytes: 1 }, 'win32-x64')).toBe(false);
  });
});
