import assert from 'node:assert/strict';
import {
  createInitialWeights,
  type ModelSpec,
  networkOf,
  type SimpleCnnOptions,
  simpleCnn,
  type Weights,
} from '@dlcmp/contract';
import { assertRejects, assertWeightsEqual } from '../assertions';
import type { ClassifierContractCase } from '../contract-case';
import {
  CONTRACT_SIZES,
  CONTRACT_SPEC,
  heldOutImages,
  noiseImages,
  SHORT_FIT,
} from '../contract-data';

const altered = (changes: Partial<SimpleCnnOptions>) => ({
  network: simpleCnn({ ...CONTRACT_SIZES, ...changes }),
});

/** Weights that no seed of the other cases draws. */
const givenWeights = () => createInitialWeights({ ...CONTRACT_SPEC, seed: 99 });

const BAD_SPECS: Record<string, Partial<ModelSpec>> = {
  'an image too small to be halved three times': { inputHeight: 7 },
  'a layer without channels': altered({ channels: [3, 0, 6] }),
  'no hidden unit': altered({ hiddenUnits: 0 }),
  'a dropout rate of 1': altered({ dropoutRate: 1 }),
  'initial weights of another shape': {
    initialWeights: createInitialWeights({ ...CONTRACT_SPEC, inputWidth: 40 }),
  },
  'a weight missing': { initialWeights: withoutWeight(givenWeights(), 'conv2.bias') },
};

/** Where a CNN's weights come from and how they are seen from outside. */
export const cnnWeightsCases: readonly ClassifierContractCase[] = [
  {
    family: 'cnn',
    name: 'create refuses a network or initial weights out of range',
    proves: "A caller's mistake is named before a framework turns it into something obscure.",
    async run({ create }) {
      await create();
      for (const [what, changes] of Object.entries(BAD_SPECS)) {
        await assertRejects(() => create(changes), 'INVALID_ARGUMENT', `create with ${what}`);
      }
    },
  },
  {
    family: 'cnn',
    name: "weights have PyTorch's names and shapes",
    proves: 'A model moves between frameworks.',
    async run({ create }) {
      const weights = await (await create()).getWeights();
      const shapes = Object.entries(weights).map(([name, { shape }]) => [name, [...shape]]);
      assert.deepEqual(Object.fromEntries(shapes), {
        ...networkOf(CONTRACT_SPEC).weightShapes,
      });
    },
  },
  {
    family: 'cnn',
    name: 'starts from the weights of its seed',
    proves: 'Every framework begins at the same point.',
    async run({ create }) {
      for (const initializer of ['uniform-fan-in', 'glorot-uniform'] as const) {
        const weights = await (await create({ initializer })).getWeights();
        const drawn = createInitialWeights({ ...CONTRACT_SPEC, initializer });
        assertWeightsEqual(weights, drawn, `Initial weights (${initializer})`);
      }
    },
  },
  {
    family: 'cnn',
    name: 'starts from the weights that it is given, ready to predict',
    proves: 'A model trained elsewhere can be used here.',
    async run({ create }) {
      const classifier = await create({ initialWeights: givenWeights() });
      assertWeightsEqual(await classifier.getWeights(), givenWeights(), 'Given weights');
      const { pixels, count } = heldOutImages();
      const probabilities = await classifier.predict(pixels, count);
      assert.equal(probabilities.length, count * CONTRACT_SPEC.classNames.length);
    },
  },
  {
    family: 'cnn',
    name: 'leaves the weights that it is given as they were',
    proves: 'One set of weights serves every adapter of a comparison.',
    async run({ create }) {
      const initialWeights = givenWeights();
      const classifier = await create({ initialWeights });
      await classifier.fit(noiseImages(), SHORT_FIT);
      assertWeightsEqual(initialWeights, givenWeights(), 'spec.initialWeights after fit');
    },
  },
  {
    family: 'cnn',
    name: 'getWeights gives copies',
    proves: 'Nobody trains or spoils a model by looking at it.',
    async run({ create }) {
      const classifier = await create();
      const before = await classifier.getWeights();
      for (const { data } of Object.values(before)) data.fill(1000);
      const untouched = createInitialWeights(CONTRACT_SPEC);
      assertWeightsEqual(await classifier.getWeights(), untouched, 'Weights after writing a copy');
    },
  },
];

function withoutWeight(weights: Weights, name: string): Weights {
  return Object.fromEntries(Object.entries(weights).filter(([other]) => other !== name));
}
