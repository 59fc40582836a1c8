import assert from 'node:assert/strict';
import type { AdamOptions, WeightTensor } from '@dlcmp/contract';
import { createReferenceCnn } from '../../reference-network/reference-cnn';
import { assertRelativelyClose, assertWeightsClose } from '../assertions';
import type { ClassifierContractCase } from '../contract-case';
import { CONTRACT_SPEC, noiseBatch, noiseBatches } from '../contract-data';

const LEARNING_RATE = 0.01;
/** Room for float32: a step is learningRate × m/√v, and m/√v is 1 but for rounding. */
const STEP_ROUNDING = 1.001;
const FLOAT32_EPSILON = 2 ** -23;

/** Adam's steps, one by one. */
export const cnnStepCases: readonly ClassifierContractCase[] = [
  {
    family: 'cnn',
    name: 'steps on one batch lower its loss',
    proves: 'Gradients point uphill and Adam goes down.',
    async run({ create }) {
      const classifier = await create();
      const losses: number[] = [];
      for (let step = 0; step < 20; step++) {
        losses.push(await classifier.trainStep(noiseBatch(), { learningRate: LEARNING_RATE }));
      }
      const [first, last] = [losses[0] as number, losses.at(-1) as number];
      assert(last < 0.9 * first, `20 steps took the loss from ${first} to ${last} only.`);
    },
  },
  {
    family: 'cnn',
    name: 'trainStep returns the loss before its update',
    proves: 'Losses of two frameworks can be held against one another.',
    async run({ create, expected }) {
      const classifier = await create();
      const { loss } = await classifier.computeGradients(noiseBatch());
      const reported = await classifier.trainStep(noiseBatch(), { learningRate: LEARNING_RATE });
      assertRelativelyClose(reported, loss, expected.tensorTolerance, 'Loss of trainStep');
    },
  },
  {
    family: 'cnn',
    name: 'the first step moves no weight by more than the learning rate',
    proves: "Adam's moments are corrected for their bias.",
    async run({ create }) {
      const classifier = await create();
      const before = await classifier.getWeights();
      await classifier.trainStep(noiseBatch(), { learningRate: LEARNING_RATE });
      const after = await classifier.getWeights();
      for (const [name, { data }] of Object.entries(before)) {
        const moved = (after[name] as WeightTensor).data.map((w, at) => w - (data[at] as number));
        const furthest = moved.reduce((most, move) => Math.max(most, Math.abs(move)), 0);
        const rounding = FLOAT32_EPSILON * data.reduce((m, w) => Math.max(m, Math.abs(w)), 0);
        const bound = LEARNING_RATE * STEP_ROUNDING + rounding;
        assert(furthest <= bound, `${name} moved by ${furthest}, beyond ${LEARNING_RATE}.`);
      }
    },
  },
  {
    family: 'cnn',
    name: 'steps follow the reference, by default and with every option of Adam',
    proves: 'Frameworks that share a seed train the same model.',
    async run({ create, expected }) {
      const everyOption: AdamOptions = { learningRate: 0.02, betas: [0.8, 0.95], epsilon: 1e-3 };
      for (const options of [undefined, everyOption]) {
        const classifier = await create();
        const reference = await createReferenceCnn().create(CONTRACT_SPEC);
        for (const batch of noiseBatches(6)) {
          const loss = await classifier.trainStep(batch, options);
          const referenceLoss = await reference.trainStep(batch, options);
          assertRelativelyClose(loss, referenceLoss, expected.tensorTolerance, 'Loss of a step');
        }
        assertWeightsClose(
          await classifier.getWeights(),
          await reference.getWeights(),
          expected.tensorTolerance,
          'Weights after six steps',
        );
      }
    },
  },
];
