import base from '../../tooling/jest.base.mjs';

// TensorFlow's own log. Inside of a test, the environment is a copy that it does not see.
process.env.TF_CPP_MIN_LOG_LEVEL ??= '3';

export default { ...base, testEnvironment: '../../tooling/shared-memory-environment.cjs' };
