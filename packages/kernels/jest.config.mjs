import base from '../../tooling/jest.base.mjs';

export default { ...base, testEnvironment: '../../tooling/shared-memory-environment.cjs' };
