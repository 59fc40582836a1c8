import {
  type CnnAdapter,
  type CnnFitOptions,
  createInitialWeights,
  type FitProgress,
  isDlcmpError,
  type LabelledImages,
  type ModelSpec,
  readModelManifest,
  type TrainingBatch,
  type Weights,
} from '../../src/contract';
import { CONTRACT_SPEC } from '../../src/testing/contract-data';
import { softmax } from '../../src/testing/reference-cnn/softmax-cross-entropy';
import { type BrokenAdapter, breakCnn, breakCnnAdapter } from './broken-adapter';

const PLAN = "fit takes the plan's batches in the plan's order";
const REFERENCE_STEPS = 'steps follow the reference, by default and with every option of Adam';
const REFERENCE_GRADIENTS = 'gradients agree with the reference';
const REFERENCE_LOGITS = 'logits of the untrained network agree with the reference';
const FINITE_DIFFERENCES = 'gradients agree with finite differences of the loss';
const CONTINUED = 'fit of a loaded model goes on from the saved weights';
const MEAN_LOSS = 'onEpochEnd gives the mean loss over the images of each epoch';
const FALLING_LOSS = 'the mean loss falls over the epochs';
const AWAITED = 'onEpochEnd is awaited and can predict';

/** Weights and logits gone wrong. */
const brokenWeights: BrokenAdapter<CnnAdapter>[] = [
  {
    name: 'puts up with any architecture',
    adapter: breakCnnAdapter((whole) => ({
      create: (spec, options) =>
        whole.create(spec, options).catch(() => whole.create(CONTRACT_SPEC, options)),
    })),
    fails: ['create refuses an architecture or initial weights out of range'],
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
          ...classifier,
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

/** Single steps and gradients gone wrong. */
const brokenSteps: BrokenAdapter<CnnAdapter>[] = [
  {
    name: 'climbs',
    adapter: breakCnn((classifier) => ({
      trainStep: (batch, { learningRate = 1e-3, ...adam } = {}) =>
        classifier.trainStep(batch, { ...adam, learningRate: -learningRate }),
    })),
    fails: ['steps on one batch lower its loss', REFERENCE_STEPS, PLAN],
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
        classifier.computeGradients({ ...batch, dropoutKeep: batch.dropoutKeep.map(() => 1) }),
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

/** `fit` gone wrong. */
const brokenFits: BrokenAdapter<CnnAdapter>[] = [
  {
    name: 'takes the images in an order of its own',
    adapter: breakFit((options, images) => [lastImageFirst(images), options]),
    fails: [PLAN],
  },
  {
    name: 'never flips',
    adapter: breakFit((options, images) => [images, { ...options, augmentation: 'none' }]),
    fails: ['augmentation can be switched off', PLAN],
  },
  {
    name: 'rounds its options to what is possible',
    adapter: breakFit(({ epochs = 10, batchSize = 32, ...options }, images) => [
      images,
      {
        ...options,
        epochs: Math.max(1, Math.round(epochs)),
        batchSize: Math.max(1, Math.round(batchSize)),
      },
    ]),
    fails: ['fit refuses options out of range'],
  },
  {
    name: 'lets single steps leak into fit',
    adapter: breakCnn((classifier) => {
      let steps = 0;
      return {
        trainStep(...given) {
          steps++;
          return classifier.trainStep(...given);
        },
        fit: (images, options) =>
          classifier.fit(images, steps > 0 ? { ...options, learningRate: 0.02 } : options),
      };
    }),
    fails: ['fit begins anew after single steps'],
  },
  {
    name: 'begins anew after load',
    adapter: breakCnnAdapter((whole) => ({
      async load(directory, options) {
        const manifest = await readModelManifest(directory);
        const anew = await whole.create(manifest, options);
        return {
          ...(await whole.load(directory, options)),
          fit: anew.fit,
          getWeights: anew.getWeights,
        };
      },
    })),
    fails: [CONTINUED],
  },
  {
    name: 'hides that it diverged',
    adapter: breakCnn((classifier) => {
      let diverged = false;
      return {
        fit: (...given) =>
          classifier.fit(...given).catch((error: unknown) => {
            if (!isDlcmpError(error, 'DIVERGED')) throw error;
            diverged = true;
            return { details: {}, notes: [] };
          }),
        async predictLogits(...asked) {
          const logits = await classifier.predictLogits(...asked);
          return diverged ? logits.fill(Number.NaN) : logits;
        },
      };
    }),
    fails: ['a fit that diverges says so'],
  },
  {
    name: 'reports progress without epoch and loss',
    adapter: breakFit((options, images) => [
      images,
      {
        ...options,
        onProgress: ({ unit, completed, total }) =>
          options.onProgress?.({ unit, completed, total }),
      },
    ]),
    fails: ['progress names the epoch and the loss of each step', MEAN_LOSS],
  },
  {
    name: 'swallows onEpochEnd',
    adapter: breakFit(({ onEpochEnd, ...options }, images) => [images, options]),
    fails: [MEAN_LOSS, FALLING_LOSS, AWAITED],
  },
  {
    name: 'does not wait for onEpochEnd',
    adapter: breakFit((options, images) => [
      images,
      {
        ...options,
        onEpochEnd(result) {
          Promise.resolve(options.onEpochEnd?.(result)).catch(() => undefined);
        },
      },
    ]),
    fails: [AWAITED],
  },
  {
    name: "gives the mean over the batches as an epoch's loss",
    adapter: breakFit((options, images) => {
      let losses: number[] = [];
      return [
        images,
        {
          ...options,
          onProgress(progress) {
            losses.push(progress.loss ?? 0);
            options.onProgress?.(progress);
          },
          onEpochEnd({ epoch }) {
            const trainLoss = losses.reduce((sum, loss) => sum + loss, 0) / losses.length;
            losses = [];
            return options.onEpochEnd?.({ epoch, trainLoss });
          },
        },
      ];
    }),
    fails: [MEAN_LOSS],
  },
  {
    name: 'cannot predict between epochs',
    adapter: breakCnn((classifier) => {
      let isFitting = false;
      return {
        async fit(...given) {
          isFitting = true;
          const summary = await classifier.fit(...given);
          isFitting = false;
          return summary;
        },
        async predict(...asked) {
          if (isFitting) throw new Error('busy');
          return classifier.predict(...asked);
        },
      };
    }),
    fails: [AWAITED],
  },
  {
    name: 'hears its signal only from its own callbacks',
    adapter: breakFit(({ signal, onProgress, ...options }, images) => {
      const controller = new AbortController();
      const heard = (progress: FitProgress) => {
        const before = signal?.aborted;
        onProgress?.(progress);
        if (signal?.aborted && !before) controller.abort();
      };
      return [images, { ...options, signal: controller.signal, onProgress: heard }];
    }),
    fails: ['fit lets the event loop turn between steps'],
  },
];

/** The reference CNN, broken. */
export const brokenCnnAdapters: readonly BrokenAdapter<CnnAdapter>[] = [
  ...brokenWeights,
  ...brokenSteps,
  ...brokenFits,
];

function breakFit(
  change: (options: CnnFitOptions, images: LabelledImages) => [LabelledImages, CnnFitOptions],
) {
  return breakCnn((classifier) => ({
    fit: (images, options = {}) => classifier.fit(...change(options, images)),
  }));
}

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

function drawOtherwise(spec: ModelSpec): Weights {
  return createInitialWeights({ ...spec, seed: spec.seed + 1 });
}

function lastImageFirst({ pixels, labels, count }: LabelledImages): LabelledImages {
  const order = Array.from({ length: count }, (_, at) => count - 1 - at);
  const bytes = pixels.length / count;
  return {
    pixels: Uint8Array.from(
      order.flatMap((at) => [...pixels.subarray(at * bytes, (at + 1) * bytes)]),
    ),
    labels: labels.toReversed(),
    count,
  };
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
