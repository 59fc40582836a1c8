import { beforeAll, describe, expect, it } from '@jest/globals';
import { InferenceSession, Tensor } from 'onnxruntime-node';
import { RandomForestClassifier } from '../../src';
import { createStripedImages } from '../striped-images';

const { pixels, labels } = createStripedImages(90);
const unseen = createStripedImages(40, 1000);

describe('exportOnnx', () => {
  let classifier: RandomForestClassifier;

  beforeAll(async () => {
    classifier = new RandomForestClassifier({ nEstimators: 25, minSamplesLeaf: 3 });
    await classifier.fit(pixels, labels);
  });

  it('gives a model that answers as the forest', async () => {
    const model = await classifier.exportOnnx({ inputShape: [6, 5, 3] });
    const session = await InferenceSession.create(model);
    const images = new Tensor('uint8', unseen.pixels, [unseen.count, 6, 5, 3]);
    const answers = await session.run({ pixels: images });
    const [label, probabilities] = [answers.label as Tensor, answers.probabilities as Tensor];
    expect(probabilities.dims).toEqual([unseen.count, 3]);
    const expected = classifier.predictProba(unseen.pixels);
    (probabilities.data as Float32Array).forEach((probability, at) => {
      expect(probability).toBeCloseTo(expected[at] as number, 6);
    });
    expect(Array.from(label.data as BigInt64Array, Number)).toEqual([
      ...classifier.predict(unseen.pixels),
    ]);
  });

  it('keeps the class names', async () => {
    const model = await classifier.exportOnnx({ classNames: ['top', 'middle', 'bottom'] });
    expect(Buffer.from(model).includes('["top","middle","bottom"]')).toBe(true);
  });

  it('refuses a shape of another size', async () => {
    await expect(classifier.exportOnnx({ inputShape: [6, 5] })).rejects.toMatchObject({
      code: 'INVALID_ARGUMENT',
    });
  });
});
