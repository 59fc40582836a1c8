import { createReferenceCnn, describeClassifierContract } from '../../src/testing';

describeClassifierContract('reference-cnn', createReferenceCnn, { family: 'cnn', backend: 'cpu' });
