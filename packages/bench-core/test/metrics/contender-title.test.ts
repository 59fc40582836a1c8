import { expect, it } from '@jest/globals';
import { contenderTitle } from '../../src/metrics/contender-title';

it('is the engine’s title with what users type, and reads older results as they were', () => {
  const title = { displayName: 'ONNX Runtime, own operators', backend: 'graph' };
  expect(contenderTitle({ ...title, contender: 'onnx:graph' })).toBe(
    'ONNX Runtime, own operators (onnx:graph)',
  );
  expect(contenderTitle({ displayName: 'ONNX Runtime (CNN)', backend: 'cpu' })).toBe(
    'ONNX Runtime (CNN) on cpu',
  );
});
