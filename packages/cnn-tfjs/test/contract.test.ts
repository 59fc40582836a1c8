import { describeClassifierContract } from '@dlcmp/bench-core/testing';
import { createCnnTfjs } from '../src/index';
import { BACKENDS_UNDER_TEST } from './backends-under-test';

for (const backend of BACKENDS_UNDER_TEST) {
  describeClassifierContract(`cnn-tfjs on ${backend}`, createCnnTfjs, {
    family: 'cnn',
    backend,
    defersLosses: ['tensorflow:gpu', 'webgpu'].includes(backend),
  });
}
