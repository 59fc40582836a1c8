import type { CnnAdapter, TrainingBatch } from '@dlcmp/contract';
import { type BrokenAdapter, breakCnn, breakModel } from './broken-adapter';

const PLAN = "fit takes the plan's batches in the plan's order";
const REFERENCE_STEPS = 'steps follow the reference, by default and with every option of Adam';
const REFERENCE_GRADIENTS = 'gradients agree with the reference';
const FINITE_DIFFERENCES = 'gradients agree with finite differences of the loss';

/** Single steps and gradients gone wrong. */
export const brokenCnnSteps: readonly BrokenAdapter<CnnAdapter>[] = [
  {
    name: 'climbs',
    adapter: breakModel((model) => ({
      step: (batch, update) => model.step(batch, { ...update, learningRate: -update.learningRate }),
    })),
    fails: [
      'steps on one batch lower its loss',
      REFERENCE_STEPS,
      'the mean loss falls over the epochs',
    ],
  },
  {
    name: 'returns the loss after the step',
    adapter: breakCnn((classifier) => ({
      async trainStep(batch, adam) {
        await classifier.trainStep(batch, adam);
        return (await classifier.computeGradients(batch)).loss;
      },
    })),
    fails: ['trainStep returns the loss before its update', REFERENCE_STEPS],
  },
  {
    name: "leaves Adam's moments biased",
    adapter: breakCnn((classifier) => ({
      trainStep: (batch, { learningRate = 1e-3, ...adam } = {}) =>
        classifier.trainStep(batch, { ...adam, learningRate: 3 * learningRate }),
    })),
    fails: ['the first step moves no weight by more than the learning rate', REFERENCE_STEPS, PLAN],
  },
  {
    name: "ignores Adam's betas and epsilon",
    adapter: breakCnn((classifier) => ({
      trainStep: (batch, { learningRate = 1e-3 } = {}) =>
        classifier.trainStep(batch, { learningRate }),
    })),
    fails: [REFERENCE_STEPS],
  },
  {
    name: 'sums the loss over the batch',
    adapter: breakGradients((gradient, batch) => gradient * batch.size),
    fails: [FINITE_DIFFERENCES, REFERENCE_GRADIENTS],
  },
  {
    name: 'loses the gradient of a single weight',
    adapter: breakGradients((gradient, _, at) => (at === 1 ? 0 : gradient)),
    fails: [REFERENCE_GRADIENTS],
  },
  {
    name: 'ignores the dropout mask',
    adapter: breakCnn((classifier) => ({
      computeGradients: (batch) =>
        classifier.computeGradients({
          ...batch,
          masks: { dropout: (batch.masks.dropout as Uint8Array).map(() => 1) },
        }),
    })),
    fails: [
      'dropout follows the mask of the batch',
      REFERENCE_GRADIENTS,
      'trainStep returns the loss before its update',
    ],
  },
  {
    name: 'trains when it is asked for gradients',
    adapter: breakCnn((classifier) => ({
      async computeGradients(batch) {
        const answer = await classifier.computeGradients(batch);
        await classifier.trainStep(batch);
        return answer;
      },
    })),
    fails: [
      'computeGradients changes neither the weights nor what steps come to',
      'trainStep returns the loss before its update',
    ],
  },
];

function breakGradients(change: (gradient: number, batch: TrainingBatch, at: number) => number) {
  return breakCnn((classifier) => ({
    async computeGradients(batch) {
      const { loss, gradients } = await classifier.computeGradients(batch);
      const changed = Object.entries(gradients).map(([name, { shape, data }]) => [
        name,
        { shape, data: data.map((gradient, at) => change(gradient, batch, at)) },
      ]);
      return { loss, gradients: Object.fromEntries(changed) };
    },
  }));
}
