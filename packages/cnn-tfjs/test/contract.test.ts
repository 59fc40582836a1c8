import { describeClassifierContract } from '@dlcmp/bench-core/testing';
import { describe, it } from '@jest/globals';
import { createCnnTfjs } from '../src';
import { BACKENDS_UNDER_TEST, FAST_BACKENDS_UNDER_TEST } from './engines-under-test';

for (const backend of BACKENDS_UNDER_TEST) {
  const name = `cnn-tfjs on ${backend}`;
  if (FAST_BACKENDS_UNDER_TEST.includes(backend)) {
    describeClassifierContract(name, createCnnTfjs, {
      family: 'cnn',
      backend,
      defersLosses: ['tensorflow:gpu', 'webgpu'].includes(backend),
    });
  } else {
    describe(name, () => it.skip('not run: it takes minutes on an emulated GPU', () => {}));
  }
}
