import { describeClassifierContract } from '@dlcmp/bench-core/testing';
import { describe, it } from '@jest/globals';
import { createCnnTfjs } from '../src/index';
import { ENGINES_UNDER_TEST, FAST_ENGINES_UNDER_TEST } from './engines-under-test';

for (const backend of ENGINES_UNDER_TEST) {
  const name = `cnn-tfjs on ${backend}`;
  if (FAST_ENGINES_UNDER_TEST.includes(backend)) {
    describeClassifierContract(name, createCnnTfjs, {
      family: 'cnn',
      backend,
      defersLosses: ['tuned@cuda', 'webgpu'].includes(backend),
    });
  } else {
    describe(name, () => it.skip('not run: it takes minutes on an emulated GPU', () => {}));
  }
}
