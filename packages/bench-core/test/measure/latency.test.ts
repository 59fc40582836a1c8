import type { Classifier } from '@dlcmp/contract';
import { describe, expect, it } from '@jest/globals';
import { measureLatency, summariseLatency } from '../../src/measure/latency';

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

/** Ten images, the first pixel of each 1 to 10 times `unit`. */
function tenImages(unit: number) {
  const pixels = Uint8Array.from({ length: 30 }, (_, at) => (Math.floor(at / 3) + 1) * unit);
  return { pixels, labels: new Int32Array(10), count: 10 };
}

async function latencyOf(unit: number) {
  let seconds = 0;
  const classifier = slowClassifier((milliseconds) => {
    seconds += milliseconds / 1000;
  });
  return measureLatency(classifier, tenImages(unit), size, () => seconds);
}

describe('measureLatency', () => {
  it('times each of 200 single images after the warm-up, on its own', async () => {
    const latency = await latencyOf(10);
    expect(latency.samplesMs).toHaveLength(200);
    expect(latency.p50Ms).toBeCloseTo(55, 6);
    expect(latency.p90Ms).toBeCloseTo(91, 6);
    expect(latency.p99Ms).toBeCloseTo(100, 6);
  });

  it('says that p99.9 is unsupported where there are too few samples', async () => {
    expect((await latencyOf(10)).p999Ms).toBeNull();
  });

  it('takes the 2,000 samples of p99.9 where there is time', async () => {
    const samplesMs = Array.from({ length: 2000 }, (_, index) => (index < 3 ? 50 : 1));
    expect(summariseLatency(samplesMs).p999Ms).toBeCloseTo(50, 6);
    expect((await latencyOf(0)).samplesMs).toHaveLength(2000);
  });
});
