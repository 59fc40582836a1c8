import { describe, expect, it } from '@jest/globals';
import type { Classifier } from '../../src/contract';
import { measureLatency } from '../../src/measure/latency';

const size = { inputHeight: 1, inputWidth: 1 };

/** A classifier that takes a number of milliseconds that its first pixel says. */
function slowClassifier(turn: (milliseconds: number) => void): Classifier {
  return {
    fit: async () => ({ details: {}, notes: [] }),
    predict: async (pixels) => {
      turn(pixels[0] as number);
      return Float32Array.of(1, 0);
    },
    save: async () => {},
    dispose: async () => {},
  };
}

describe('measureLatency', () => {
  it('times each of 200 single images after the warm-up, on its own', async () => {
    let seconds = 0;
    const classifier = slowClassifier((milliseconds) => {
      seconds += milliseconds / 1000;
    });
    // Going round ten images, 1 to 10 ms each.
    const pixels = Uint8Array.from({ length: 30 }, (_, at) => Math.floor(at / 3) + 1);
    const images = { pixels, labels: new Int32Array(10), count: 10 };
    const latency = await measureLatency(classifier, images, size, () => seconds);
    expect(latency.samplesMs).toHaveLength(200);
    expect(latency.p50Ms).toBeCloseTo(5.5, 6);
    expect(latency.p90Ms).toBeCloseTo(9.1, 6);
    expect(latency.p99Ms).toBeCloseTo(10, 6);
  });
});
