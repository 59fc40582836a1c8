import { describeClassifierContract } from '@dlcmp/bench-core/testing';
import { createCnnOnnx } from '../src/index';

for (const backend of ['graph', 'blocks']) {
  describeClassifierContract(`cnn-onnx:${backend}`, createCnnOnnx, {
    ...{ family: 'cnn', backend, threads: 2 },
  });
}
