import { describeClassifierContract } from '@dlcmp/bench-core/testing';
import { createCnnOnnx } from '../src/index';

describeClassifierContract('cnn-onnx', createCnnOnnx, {
  family: 'cnn',
  backend: 'cpu',
  threads: 2,
});
