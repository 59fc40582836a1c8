import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from '@jest/globals';
import ts from 'typescript';

const root = fileURLToPath(new URL('../../../', import.meta.url));

/** What each package's sources may import from the workspace. */
const ALLOWED: Readonly<Record<string, readonly string[]>> = {
  contract: [],
  'bench-core': ['@dlcmp/contract'],
  report: ['@dlcmp/contract', '@dlcmp/bench-core/results'],
  data: ['@dlcmp/contract'],
  'baseline-rf': ['@dlcmp/contract'],
  kernels: ['@dlcmp/contract'],
  'cnn-onnx': ['@dlcmp/contract', '@dlcmp/kernels', '@dlcmp/cuda'],
  'cnn-tfjs': [
    '@dlcmp/contract',
    '@dlcmp/kernels',
    '@dlcmp/tensorflow',
    '@dlcmp/tensorflow/engine',
  ],
  tensorflow: ['@dlcmp/contract', '@dlcmp/kernels', '@dlcmp/cuda'],
  'tfjs-node': ['@dlcmp/tensorflow'],
  'tfjs-node-gpu': ['@dlcmp/tfjs-node/gpu'],
  cuda: ['@dlcmp/contract'],
  serving: ['@dlcmp/contract', '@dlcmp/data'],
  inference: [
    '@dlcmp/contract',
    '@dlcmp/bench-core',
    '@dlcmp/bench-core/results',
    '@dlcmp/cnn-onnx',
    '@dlcmp/data',
    '@dlcmp/tensorflow',
  ],
};

function sourceFiles(directory: string): string[] {
  return readdirSync(directory, { recursive: true, encoding: 'utf8' })
    .filter((path) => path.endsWith('.ts'))
    .map((path) => join(directory, path));
}

/** Static and dynamic imports, re-exports and `require` calls of a file. */
function imports(file: string): string[] {
  return ts
    .preProcessFile(readFileSync(file, 'utf8'), true, true)
    .importedFiles.map(({ fileName }) => fileName);
}

describe('the import rule', () => {
  it('covers every package', () => {
    expect(Object.keys(ALLOWED).sort()).toEqual(readdirSync(join(root, 'packages')).sort());
  });

  it.each(Object.entries(ALLOWED))(
    '%s imports %j of the workspace and no more',
    (name, allowed) => {
      const files = sourceFiles(join(root, 'packages', name, 'src'));
      const foreign = files.flatMap((file) =>
        imports(file)
          .filter((specifier) => specifier.startsWith('@dlcmp/') && !allowed.includes(specifier))
          .map((specifier) => `${file}: ${specifier}`),
      );
      expect(files.length).toBeGreaterThan(0);
      expect(foreign).toEqual([]);
    },
  );

  it('keeps the contract free of heavy libraries', () => {
    const foreign = sourceFiles(join(root, 'packages/contract/src'))
      .flatMap(imports)
      .filter((specifier) => !/^(\.{1,2}\/[\w/-]+|node:.+|pure-rand\/.+)$/.test(specifier));
    expect(foreign).toEqual([]);
  });

  it('leaves chart libraries to the reports', () => {
    const files = readdirSync(join(root, 'packages')).flatMap((name) =>
      sourceFiles(join(root, 'packages', name, 'src')),
    );
    const users = files.filter((file) =>
      imports(file).some((specifier) => /^(echarts|@resvg|@expo-google-fonts)/.test(specifier)),
    );
    expect(users.length).toBeGreaterThan(0);
    expect(users.filter((file) => !file.includes(join('packages', 'report', 'src')))).toEqual([]);
  });

  it('opens results without the runner', () => {
    const source = join(root, 'packages/bench-core/src');
    const rooms = reachableFrom(join(source, 'results/index.ts')).map(
      (file) => relative(source, file).split(sep)[0],
    );
    expect([...new Set(rooms)].sort()).toEqual(['metrics', 'results', 'schema']);
  });
});

/** `file` and what it loads by relative paths, and what that loads. */
function reachableFrom(file: string, found: Set<string> = new Set()): string[] {
  if (found.has(file)) return [...found];
  found.add(file);
  for (const specifier of imports(file).filter((one) => one.startsWith('.'))) {
    reachableFrom(`${join(dirname(file), specifier)}.ts`, found);
  }
  return [...found];
}
