import {
  type CnnAdapter,
  type CnnFitOptions,
  type FitProgress,
  isDlcmpError,
  type LabelledImages,
  readModelManifest,
} from '@dlcmp/contract';
import { type BrokenAdapter, boundMethods, breakCnn, breakCnnAdapter } from './broken-adapter';

const PLAN = "fit takes the plan's batches in the plan's order";
const CONTINUED = 'fit of a loaded model goes on from the saved weights';
const MEAN_LOSS = 'onEpochEnd gives the mean loss over the images of each epoch';
const FALLING_LOSS = 'the mean loss falls over the epochs';
const LAST_STEP = 'a fit that diverges in its last step says so';
const AWAITED = 'onEpochEnd is awaited and can predict';

/** `fit` gone wrong. */
export const brokenCnnFits: readonly BrokenAdapter<CnnAdapter>[] = [
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
        const anew = boundMethods(await whole.create(manifest, options));
        return {
          ...boundMethods(await whole.load(directory, options)),
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
    fails: ['a fit that diverges says so', LAST_STEP],
  },
  {
    name: 'finds no divergence in its last step',
    adapter: breakCnn((classifier) => ({
      // A fit whose failure came after the last step is one of a loop that looks at losses alone.
      fit: (...given) =>
        classifier.fit(...given).catch((error: unknown) => {
          if (!isDlcmpError(error, 'DIVERGED') || !/last step/.test(error.message)) throw error;
          return { details: {}, notes: [] };
        }),
    })),
    fails: [LAST_STEP],
  },
  {
    name: 'saves whatever its weights are',
    adapter: breakCnn((classifier) => ({
      save: (directory) =>
        classifier.save(directory).catch((error: unknown) => {
          if (!isDlcmpError(error, 'DIVERGED')) throw error;
        }),
    })),
    fails: ['a model whose weights are not finite is not saved'],
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

function breakFit(
  change: (options: CnnFitOptions, images: LabelledImages) => [LabelledImages, CnnFitOptions],
) {
  return breakCnn((classifier) => ({
    fit: (images, options = {}) => classifier.fit(...change(options, images as LabelledImages)),
  }));
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
