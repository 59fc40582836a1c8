import { describeClassifierContract } from '@dlcmp/bench-core/testing';
import { createCnnTfjs } from '../src/index';

describeClassifierContract('cnn-tfjs', createCnnTfjs, { family: 'cnn', backend: 'wasm' });
