import { fileURLToPath } from 'node:url';

const here = (path) => fileURLToPath(new URL(path, import.meta.url));

/** The jest configuration every package shares: TypeScript as native ES modules. */
export default {
  testEnvironment: here('./jest-environment.cjs'),
  testMatch: ['<rootDir>/test/**/*.test.ts'],
  extensionsToTreatAsEsm: ['.ts'],
  transform: {
    '^.+\\.ts$': [
      '@swc/jest',
      {
        jsc: { parser: { syntax: 'typescript' }, target: 'es2022' },
        module: { type: 'es6' },
      },
    ],
  },
  reporters: ['default', here('./jest-counts-reporter.cjs')],
  // No test waits so long on any machine: what does hangs.
  testTimeout: 600_000,
};
