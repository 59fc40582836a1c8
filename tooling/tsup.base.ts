import type { Options } from 'tsup';

/** ESM, CJS and types from the given entries; every package builds the same way. */
export function packageBuild(entry: Record<string, string>): Options {
  return {
    entry,
    format: ['esm', 'cjs'],
    target: 'node20.9',
    dts: true,
    clean: true,
    shims: true,
    splitting: true,
    treeshake: true,
  };
}
