import { describe, expect, it } from '@jest/globals';
import { describeSteps } from '../../src/progress/bench-progress';

const progress = { unit: 'step', completed: 3, total: 10 } as const;

describe('describeSteps', () => {
  it('names epoch, loss, accuracy and pace', () => {
    const text = describeSteps({ ...progress, epoch: 2, loss: 1.25, imagesPerSecond: 120.4 }, 0.5);
    expect(text).toBe('epoch 2, loss 1.2500, 50.0 %, 120 images/s');
  });

  it('leaves out what is not known yet, as the losses of a GPU', () => {
    expect(describeSteps({ ...progress, epoch: 1 })).toBe('epoch 1');
  });

  it('counts what has no epochs', () => {
    expect(describeSteps({ ...progress, unit: 'tree' })).toBe('trees');
  });
});
