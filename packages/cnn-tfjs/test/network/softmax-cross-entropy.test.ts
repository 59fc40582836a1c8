import { expect, it } from '@jest/globals';
import { randomValues } from '../../../tensorflow/test/random-values';
import { relativeError } from '../../../tensorflow/test/relative-error';
import { classTargets, softmaxCrossEntropy } from '../../src/network/softmax-cross-entropy';
import { openRuntime } from '../open-runtime';

const [COUNT, CLASSES] = [3, 4];
const LABELS = Int32Array.from([2, 0, 3]);

/** -log of each class's share of the exponentials, weighted by the smoothed label, averaged. */
function naiveLoss(logits: Float64Array, smoothing: number): number {
  let sum = 0;
  LABELS.forEach((label, n) => {
    const row = logits.subarray(n * CLASSES, (n + 1) * CLASSES);
    const total = row.reduce((all, logit) => all + Math.exp(logit), 0);
    row.forEach((logit, k) => {
      const target = (k === label ? 1 - smoothing : 0) + smoothing / CLASSES;
      sum -= target * Math.log(Math.exp(logit) / total);
    });
  });
  return sum / COUNT;
}

it.each([0, 0.3])(
  'softmaxCrossEntropy computes the mean loss and its gradient, %d smoothed',
  async (smoothing) => {
    const runtime = await openRuntime(1);
    const { tf } = runtime;
    const logits = randomValues(COUNT * CLASSES, 5).map((value) => 8 * value);
    const { loss, gradient } = runtime.run(() => {
      const tensor = tf.tensor2d(Float32Array.from(logits), [COUNT, CLASSES]);
      const targets = tf.tensor2d(classTargets(LABELS, CLASSES, smoothing), [COUNT, CLASSES]);
      const applied = softmaxCrossEntropy(tf, tensor, targets);
      return {
        loss: applied.loss.dataSync()[0] as number,
        gradient: applied.backward().dataSync(),
      };
    });
    await runtime.close();
    const slopes = logits.map((value, index) => {
      const moved = (by: number) => naiveLoss(logits.with(index, value + by), smoothing);
      return (moved(1e-5) - moved(-1e-5)) / 2e-5;
    });
    expect(relativeError([loss], [naiveLoss(logits, smoothing)])).toBeLessThan(1e-6);
    expect(relativeError(gradient, slopes)).toBeLessThan(1e-5);
  },
);
