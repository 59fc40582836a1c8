import { describe, expect, it } from '@jest/globals';
import { createTrainingRun, networkOf, pixelSourceOf, type Weights } from '../../src';
import { holdOut } from '../../src/training/hold-out';
import { Validation } from '../../src/training/validation';

const size = { inputHeight: 1, inputWidth: 1, classCount: 2 };

/** Each image is one pixel of its own number. */
function numbered(labels: readonly number[]) {
  return {
    pixels: Uint8Array.from(labels.flatMap((_, image) => [image, image, image])),
    labels: Int32Array.from(labels),
    count: labels.length,
  };
}

describe('holdOut', () => {
  const images = numbered([0, 1, 0, 1, 0, 1, 0, 1, 0, 0, 0, 0, 2]);
  const numbersOf = (part: ReturnType<typeof holdOut>['training']) => {
    const bytes = new Uint8Array(part.count * 3);
    pixelSourceOf(part, size).read(
      Array.from({ length: part.count }, (_, at) => at),
      bytes,
    );
    return [...bytes].filter((_, at) => at % 3 === 0);
  };

  it('takes the share of each class, and the last image of none', () => {
    const { training, validation } = holdOut(images, size, 0.25, 1);
    expect([...validation.labels].sort()).toEqual([0, 0, 1]);
    expect([...training.labels].sort()).toEqual([0, 0, 0, 0, 0, 0, 1, 1, 1, 2]);
  });

  it('hands out each image once, with its own label', () => {
    const { training, validation } = holdOut(images, size, 0.25, 1);
    const all = [...numbersOf(training), ...numbersOf(validation)];
    expect(all.sort((a, b) => a - b)).toEqual([...images.labels.keys()]);
    for (const part of [training, validation]) {
      const labels = numbersOf(part).map((image) => images.labels[image]);
      expect(labels).toEqual([...part.labels]);
    }
  });

  it('chooses by the seed', () => {
    const chosen = (seed: number) => numbersOf(holdOut(images, size, 0.25, seed).validation);
    expect(chosen(1)).toEqual(chosen(1));
    expect(new Set([1, 2, 3, 4].map((seed) => chosen(seed).join())).size).toBeGreaterThan(1);
  });

  it('refuses to hold back nothing', () => {
    expect(() => holdOut(numbered([0, 1]), size, 0.5, 1)).toThrow('holds back none of 2');
  });
});

describe('Validation', () => {
  const images = numbered([0, 1]);
  const weights = (epoch: number): Weights => ({ w: { shape: [1], data: Float32Array.of(epoch) } });

  /** By epoch the chance that a model gives to the right class of both images. */
  async function judge(chances: readonly number[], patience: number) {
    let [epoch, written] = [0, 0];
    const validation = new Validation(
      { images, size, patience },
      {
        predictLogits: async () => {
          const odds = Math.log(
            (chances[epoch - 1] as number) / (1 - (chances[epoch - 1] as number)),
          );
          return Float32Array.of(odds, 0, 0, odds);
        },
        getWeights: async () => weights(epoch),
        writeWeights: async ({ w }) => {
          written = w?.data[0] as number;
        },
      },
      undefined,
    );
    const results = [];
    while (epoch < chances.length && !validation.isOver(epoch)) {
      epoch++;
      results.push(await validation.judge(epoch));
    }
    await validation.restoreBest(epoch);
    return { results, written };
  }

  it('gives the mean cross-entropy and the accuracy: by chances of ¼, ¾ and ½ ln 4, ln 4/3 and ln 2', async () => {
    const { results } = await judge([0.25, 0.75, 0.5], 5);
    expect(results.map(({ loss }) => loss)).toEqual(
      [Math.log(4), Math.log(4 / 3), Math.log(2)].map((loss) => expect.closeTo(loss, 6)),
    );
    expect(results.map(({ accuracy }) => accuracy)).toEqual([0, 1, 0.5]);
    expect(results.map(({ isBest }) => isBest)).toEqual([true, true, false]);
  });

  it('ends after as many epochs without a lower loss as it has patience, at the weights of the best', async () => {
    const { results, written } = await judge([0.5, 0.7, 0.6, 0.7, 0.9], 2);
    expect(results).toHaveLength(4);
    expect(written).toBe(2);
  });

  it('leaves the weights of a last epoch that is the best', async () => {
    expect((await judge([0.5, 0.6, 0.7], 2)).written).toBe(0);
  });

  it('refuses scores that are not finite', async () => {
    await expect(judge([1], 2)).rejects.toThrow('after epoch 1');
  });
});

describe('a training run', () => {
  const spec = { inputHeight: 8, inputWidth: 8, classNames: ['a', 'b'], seed: 1 };
  const run = (options: object) => () =>
    createTrainingRun(
      networkOf(spec),
      1,
      { pixels: new Uint8Array(4 * 192), labels: Int32Array.of(0, 1, 0, 1), count: 4 },
      options,
    );

  it('takes steps on what is not held back', () => {
    const { images, plan, validation } = run({ validation: 0.5, batchSize: 1 })();
    expect([images.count, validation?.images.count, plan.stepsPerEpoch]).toEqual([2, 2, 2]);
  });

  it('refuses shares that are none, and patience without one', () => {
    expect(run({ validation: 1 })).toThrow('above 0 and below 1, not 1');
    expect(run({ patience: 3 })).toThrow('give validation too');
    expect(run({ validation: 0.5, patience: 0 })).toThrow('patience must be a whole number');
  });
});
