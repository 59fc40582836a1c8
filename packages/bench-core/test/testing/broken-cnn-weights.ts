import {
  type CnnAdapter,
  createInitialWeights,
  isDlcmpError,
  type ModelSpec,
  type Weights,
} from '@dlcmp/contract';
import { softmax } from '../../src/reference-network/reference-network';
import { CONTRACT_SPEC } from '../../src/testing/contract-data';
import { type BrokenAdapter, boundMethods, breakCnn, breakCnnAdapter } from './broken-adapter';

const REFERENCE_STEPS = 'steps follow the reference, by default and with every option of Adam';
const REFERENCE_GRADIENTS = 'gradients agree with the reference';
const REFERENCE_LOGITS = 'logits of the untrained network agree with the reference';
const FINITE_DIFFERENCES = 'gradients agree with finite differences of the loss';
const CONTINUED = 'fit of a loaded model goes on from the saved weights';

/** Weights and logits gone wrong. */
export const brokenCnnWeights: readonly BrokenAdapter<CnnAdapter>[] = [
  {
    name: 'puts up with any network',
    adapter: breakCnnAdapter((whole) => ({
      create: (spec, options) =>
        whole.create(spec, options).catch(() => whole.create(CONTRACT_SPEC, options)),
    })),
    fails: ['create refuses a network or initial weights out of range'],
  },
  {
    name: "gives kernels in TensorFlow's shape",
    adapter: breakCnn((classifier) => ({
      getWeights: async () => mapWeights(await classifier.getWeights(), 'conv2.weight', reversed),
    })),
    fails: [
      "weights have PyTorch's names and shapes",
      REFERENCE_STEPS,
      FINITE_DIFFERENCES,
      CONTINUED,
    ],
  },
  {
    name: 'draws initial weights of its own',
    adapter: breakCnnAdapter((whole) => ({
      create: (spec, options) =>
        whole.create(
          { ...spec, initialWeights: spec.initialWeights ?? drawOtherwise(spec) },
          options,
        ),
    })),
    fails: [
      'starts from the weights of its seed',
      'getWeights gives copies',
      REFERENCE_LOGITS,
      REFERENCE_STEPS,
      REFERENCE_GRADIENTS,
    ],
  },
  {
    name: 'ignores the weights that it is given',
    adapter: breakCnnAdapter((whole) => ({
      async create(spec, options) {
        const { initialWeights, ...rest } = spec;
        await (await whole.create(spec, options)).dispose();
        return whole.create(rest, options);
      },
    })),
    fails: [
      'starts from the weights that it is given, ready to predict',
      FINITE_DIFFERENCES,
      CONTINUED,
    ],
  },
  {
    name: 'trains in the weights that it is given',
    adapter: breakCnnAdapter((whole) => ({
      async create(spec, options) {
        const classifier = await whole.create(spec, options);
        return {
          ...boundMethods(classifier),
          async fit(...given) {
            const summary = await classifier.fit(...given);
            for (const { data } of Object.values(spec.initialWeights ?? {})) data.fill(0);
            return summary;
          },
        };
      },
    })),
    fails: ['leaves the weights that it is given as they were'],
  },
  {
    name: 'gives its live weights',
    adapter: breakCnn((classifier) => {
      let live: Promise<Weights> | undefined;
      return {
        getWeights() {
          live ??= classifier.getWeights();
          return live;
        },
        async trainStep(...given) {
          live = undefined;
          return classifier.trainStep(...given);
        },
        async fit(...given) {
          live = undefined;
          return classifier.fit(...given);
        },
        async dispose() {
          live = undefined;
          return classifier.dispose();
        },
      };
    }),
    fails: ['getWeights gives copies'],
  },
  {
    name: 'shifts its logits',
    adapter: breakCnn((classifier) => ({
      predictLogits: async (...asked) =>
        (await classifier.predictLogits(...asked)).map((logit) => logit + 0.1),
    })),
    fails: [REFERENCE_LOGITS],
  },
  {
    name: 'predicts sharper than its logits say',
    adapter: breakCnn((classifier) => ({
      predict: async (...asked) => sharpen(await classifier.predict(...asked)),
    })),
    fails: ['predict is the softmax of the logits'],
  },
  {
    name: 'gives logits of pixels of any length',
    adapter: breakCnn((classifier) => ({
      predictLogits: (...asked) =>
        classifier.predictLogits(...asked).catch((error: unknown) => {
          if (!isDlcmpError(error, 'INVALID_ARGUMENT')) throw error;
          return new Float32Array();
        }),
    })),
    fails: ['predictLogits checks its pixels as predict does'],
  },
  {
    name: 'can still be looked at after dispose',
    adapter: breakCnn(() => ({ dispose: async () => undefined })),
    fails: ['a disposed CNN refuses everything'],
  },
];

function drawOtherwise(spec: ModelSpec): Weights {
  return createInitialWeights({ ...spec, seed: spec.seed + 1 });
}

function mapWeights(
  weights: Weights,
  name: string,
  change: (weight: Weights[string]) => Weights[string],
) {
  return { ...weights, [name]: change(weights[name] as Weights[string]) };
}

function reversed({ shape, data }: Weights[string]): Weights[string] {
  return { shape: shape.toReversed(), data };
}

/** Each row's probabilities, squared and normalised again. */
function sharpen(answers: Float32Array): Float32Array {
  const rows = Array.from({ length: answers.length / 3 }, (_, row) => {
    const logits = answers.subarray(row * 3, row * 3 + 3).map((p) => 2 * Math.log(p));
    return [...softmax(Float64Array.from(logits))];
  });
  return Float32Array.from(rows.flat());
}
