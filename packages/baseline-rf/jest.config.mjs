import base from '../../tooling/jest.base.mjs';

/** The sources under test use the worker and the WebAssembly module of the build. */
export default {
  ...base,
  moduleNameMapper: { '/built-files$': '<rootDir>/test/built-files.ts' },
};
