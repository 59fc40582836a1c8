import base from '../../tooling/jest.base.mjs';

export default { ...base, testEnvironment: './test/shared-memory-environment.cjs' };
