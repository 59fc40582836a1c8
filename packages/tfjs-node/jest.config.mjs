import base from '../../tooling/jest.base.mjs';

// TensorFlow's own log.
process.env.TF_CPP_MIN_LOG_LEVEL ??= '3';

export default base;
