import assert from 'node:assert/strict';
import type { CnnClassifier, TrainingBatch, Weights, WeightTensor } from '@dlcmp/contract';
import { createReferenceCnn } from '../../reference-network/reference-cnn';
import { assertRelativelyClose, assertWeightsClose, assertWeightsEqual } from '../assertions';
import type { ClassifierContractCase, ContractContext } from '../contract-case';
import { CONTRACT_SIZES, CONTRACT_SPEC, noiseBatch, noiseBatches } from '../contract-data';

const { hiddenUnits } = CONTRACT_SIZES;
const PROBED_WEIGHTS = ['conv1.weight', 'conv3.bias', 'fc1.weight', 'fc2.weight'];
/** Half the distance between the two losses of a finite difference. */
const PROBE_STEP = 1e-3;
/** What curvature and float32 leave of a finite difference's accuracy. */
const PROBE_TOLERANCE = 0.03;

/** Gradients, held against the loss itself and against the reference. */
export const cnnGradientCases: readonly ClassifierContractCase[] = [
  {
    family: 'cnn',
    name: 'gradients agree with finite differences of the loss',
    proves: 'The backward pass is the derivative of the forward pass.',
    async run(context) {
      const classifier = await context.create();
      const weights = await classifier.getWeights();
      const { gradients } = await classifier.computeGradients(noiseBatch());
      for (const name of PROBED_WEIGHTS) {
        const { data } = gradients[name] as WeightTensor;
        const steepest = data.reduce(
          (top, g, at) => (Math.abs(g) > Math.abs(data[top] as number) ? at : top),
          0,
        );
        const slope = await finiteDifference(context, weights, name, steepest);
        const gradient = data[steepest] as number;
        assertRelativelyClose(gradient, slope, PROBE_TOLERANCE, `Gradient of ${name}[${steepest}]`);
      }
    },
  },
  {
    family: 'cnn',
    name: 'gradients agree with the reference',
    proves: 'No weight is left out or scaled.',
    async run({ create, expected }) {
      const actual = await (await create()).computeGradients(noiseBatch());
      const reference = await createReferenceCnn().create(CONTRACT_SPEC);
      const { loss, gradients } = await reference.computeGradients(noiseBatch());
      assertRelativelyClose(actual.loss, loss, expected.tensorTolerance, 'Loss');
      assertWeightsClose(actual.gradients, gradients, expected.tensorTolerance, 'Gradients');
    },
  },
  {
    family: 'cnn',
    name: 'dropout follows the mask of the batch',
    proves: 'Every framework drops the same units.',
    async run({ create }) {
      const classifier = await create();
      const everything = withKeep(noiseBatch(), () => 1);
      const halved = withKeep(noiseBatch(), (unit) => unit % 2);
      const { loss: fullLoss } = await classifier.computeGradients(everything);
      const { loss, gradients } = await classifier.computeGradients(halved);
      assert.notEqual(loss, fullLoss, 'A mask must change the loss.');
      gradients['fc2.weight']?.data.forEach((gradient, at) => {
        const unit = at % hiddenUnits;
        if (unit % 2 === 0)
          assert.equal(gradient, 0, `Unit ${unit} is dropped, yet has a gradient.`);
      });
    },
  },
  {
    family: 'cnn',
    name: 'computeGradients changes neither the weights nor what steps come to',
    proves: 'Looking at a gradient does not train.',
    async run({ create, expected }) {
      const looking = await create();
      const plain = await create();
      const before = await looking.getWeights();
      await looking.computeGradients(noiseBatch());
      assertWeightsEqual(await looking.getWeights(), before, 'Weights after computeGradients');
      for (const batch of noiseBatches(3)) {
        await trainAndLook(looking, batch);
        await plain.trainStep(batch);
      }
      const [actual, undisturbed] = [await looking.getWeights(), await plain.getWeights()];
      assertWeightsClose(actual, undisturbed, expected.tensorTolerance, 'Weights after steps');
    },
  },
];

/** (loss(w + h) - loss(w - h)) / 2h, with h as float32 holds it. */
async function finiteDifference(
  { create }: ContractContext<CnnClassifier>,
  weights: Weights,
  name: string,
  at: number,
): Promise<number> {
  const probe = async (shift: number) => {
    const { shape, data } = weights[name] as WeightTensor;
    const shifted = data.with(at, (data[at] as number) + shift);
    const initialWeights = { ...weights, [name]: { shape, data: shifted } };
    const { loss } = await (await create({ initialWeights })).computeGradients(noiseBatch());
    return { loss, weight: shifted[at] as number };
  };
  const [above, below] = [await probe(PROBE_STEP), await probe(-PROBE_STEP)];
  return (above.loss - below.loss) / (above.weight - below.weight);
}

async function trainAndLook(classifier: CnnClassifier, batch: TrainingBatch): Promise<void> {
  await classifier.trainStep(batch);
  await classifier.computeGradients(batch);
}

function withKeep(batch: TrainingBatch, keep: (unit: number) => number): TrainingBatch {
  const dropout = batch.masks.dropout?.map((_, at) => keep(at % hiddenUnits)) as Uint8Array;
  return { ...batch, masks: { dropout } };
}
