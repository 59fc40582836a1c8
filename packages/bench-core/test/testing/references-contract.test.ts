import {
  createReferenceCnn,
  createReferenceForest,
  describeClassifierContract,
} from '../../src/testing';

describeClassifierContract('reference-cnn', createReferenceCnn, {
  family: 'cnn',
  backend: 'float64',
});

describeClassifierContract('reference-forest', createReferenceForest, {
  family: 'forest',
  backend: 'cpu',
});
