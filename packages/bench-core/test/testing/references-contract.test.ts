import {
  createReferenceCnn,
  createReferenceForest,
  describeClassifierContract,
} from '../../src/testing';

describeClassifierContract('reference-cnn', createReferenceCnn, { family: 'cnn', backend: 'cpu' });

describeClassifierContract('reference-forest', createReferenceForest, {
  family: 'forest',
  backend: 'cpu',
});
