import {
  adamW,
  type CnnAdapter,
  type CnnFitOptions,
  cosineSchedule,
  type StepResult,
  type TrainableModel,
  type TrainingBatch,
  type TrainingImages,
  type UpdateSettings,
  type Weights,
} from '@dlcmp/contract';
import { breakCnn, breakModel } from '../testing/broken-adapter';

/** The reference with a fault or a cheat, and the check that must name it. */
export interface Cheat {
  readonly name: string;
  readonly adapter: CnnAdapter;
  readonly fails: string;
}

export const CHEATS: readonly Cheat[] = [
  {
    name: 'computes only the upper half of each image',
    adapter: breakModel((model) => ({
      infer: (pixels, count, output) => model.infer(upperHalves(pixels, count), count, output),
      computeGradients: (batch, smoothing) => model.computeGradients(upperHalfOf(batch), smoothing),
      step: (batch, update) => model.step(upperHalfOf(batch), update),
    })),
    fails: 'initial-logits',
  },
  {
    name: 'has no filter gradients above 8 channels',
    adapter: breakModel((model) => ({
      async computeGradients(batch, smoothing) {
        const { loss, gradients } = await model.computeGradients(batch, smoothing);
        return { loss, gradients: withoutHighChannels(gradients, zeros(gradients)) };
      },
      step: changingWeights(model, (before, after) => withoutHighChannels(after, before)),
    })),
    fails: 'first-gradients',
  },
  {
    name: 'trains no filter above 8 channels, and answers whole gradients when asked',
    adapter: breakModel((model) => ({
      step: changingWeights(model, (before, after) => withoutHighChannels(after, before)),
    })),
    fails: 'applied-gradients',
  },
  {
    name: 'takes every other step',
    adapter: breakModel(skippingSteps((step) => step % 2 === 0)),
    fails: 'step-losses',
  },
  {
    name: 'trains half as many epochs',
    adapter: breakFit((images, { epochs = 10, ...options }) => [
      images,
      { ...options, epochs: Math.ceil(epochs / 2) },
    ]),
    fails: 'steps',
  },
  {
    name: 'trains nothing after the first epoch',
    adapter: breakModel(skippingSteps((step) => step > 3)),
    fails: 'trained-weights',
  },
  {
    name: 'trains on half of each batch',
    adapter: breakModel((model) => ({
      step: (batch, update) => model.step(firstOf(batch, Math.ceil(batch.size / 2)), update),
    })),
    fails: 'first-step',
  },
  {
    name: 'trains on nine tenths of the images',
    adapter: breakModel((model) => ({
      step: (batch, update) => model.step(firstOf(batch, Math.ceil(0.8 * batch.size)), update),
    })),
    fails: 'first-step',
  },
  {
    name: 'leaves images out of the epoch',
    adapter: breakFit(({ labels, pixels, count }, options) => {
      const kept = Math.floor(0.8 * count);
      return [
        { labels: labels.slice(0, kept), pixels: firstImages(pixels, count, kept), count: kept },
        options,
      ];
    }),
    fails: 'first-step',
  },
  {
    name: 'never flips',
    adapter: breakFit((images, options) => [images, { ...options, augmentation: 'none' }]),
    fails: 'first-step',
  },
  {
    name: 'skips the last batch',
    adapter: breakModel((model) => ({
      step: async (batch, update) =>
        batch.size < 8 ? lossOnly(model, batch) : model.step(batch, update),
    })),
    fails: 'trained-weights',
  },
  {
    name: 'lowers the learning rate by a thousandth a step',
    adapter: breakModel(changingRate((step) => 0.999 ** step)),
    fails: 'learning-rate',
  },
  {
    name: 'lowers the learning rate along a cosine',
    adapter: breakFit((images, { learningRate = 1e-3, ...options }) => [
      images,
      { ...options, schedule: cosineSchedule({ learningRate }) },
    ]),
    fails: 'learning-rate',
  },
  {
    name: 'rounds weights to bfloat16 for its products',
    adapter: breakModel((model) => ({
      computeGradients: (batch, smoothing) =>
        withRounded(model, () => model.computeGradients(batch, smoothing)),
      step: changingWeights(
        model,
        (before, after) => sum(before, difference(after, rounded(before))),
        rounded,
      ),
    })),
    fails: 'first-gradients',
  },
  {
    name: 'leaves dropout out',
    adapter: breakModel((model) => ({
      step: (batch, update) => model.step(withoutDropout(batch), update),
      computeGradients: (batch, smoothing) =>
        model.computeGradients(withoutDropout(batch), smoothing),
    })),
    fails: 'first-loss',
  },
  {
    name: 'leaves dropout out of fit alone',
    adapter: breakModel((model) => ({
      step: (batch, update) => model.step(withoutDropout(batch), update),
    })),
    fails: 'first-step',
  },
  {
    name: "decays weights as AdamW's default does",
    adapter: breakModel((model) => ({
      step: (batch, update) => {
        const { optimizer } = update;
        if (optimizer.kind === 'sgd') return model.step(batch, update);
        const { betas, epsilon } = optimizer;
        return model.step(batch, { ...update, optimizer: adamW({ betas, epsilon }) });
      },
    })),
    fails: 'weight-decay',
  },
  {
    name: 'never forgets a large gradient (AMSGrad)',
    adapter: breakModel(ownAdam({ amsgrad: true })),
    fails: 'adam-weights',
  },
  {
    name: "leaves Adam's moments biased",
    adapter: breakModel(ownAdam({ biased: true })),
    fails: 'adam-weights',
  },
  {
    name: 'sharpens the probabilities that it predicts',
    adapter: breakCnn((classifier) => ({
      predict: async (pixels, count) => {
        const classes = 4;
        const answers = await classifier.predict(pixels, count);
        return answers.map((value, at) => {
          const row = answers.subarray(at - (at % classes), at - (at % classes) + classes);
          return value ** 2 / row.reduce((total, other) => total + other ** 2, 0);
        });
      },
    })),
    fails: 'predict-softmax',
  },
  {
    name: 'answers the first image of a batch for all',
    adapter: breakModel((model) => ({
      infer: async (pixels, count, output) => {
        const answers = await model.infer(pixels, count, output);
        const classes = answers.length / count;
        return answers.map((_, at) => answers[at % classes] as number);
      },
    })),
    fails: 'predict-batches',
  },
  {
    name: 'answers single images in half the resolution',
    adapter: breakModel((model) => ({
      infer: (pixels, count, output) =>
        model.infer(count === 1 ? upperHalves(pixels, count) : pixels, count, output),
    })),
    fails: 'predict-batches',
  },
  {
    name: 'reports a loss that is not the mean',
    adapter: breakFit((images, options) => [
      images,
      {
        ...options,
        onEpochEnd: ({ epoch, trainLoss }) =>
          options.onEpochEnd?.({ epoch, trainLoss: 0.9 * trainLoss }),
      },
    ]),
    fails: 'epoch-means',
  },
];

function breakFit(
  change: (images: TrainingImages, options: CnnFitOptions) => [TrainingImages, CnnFitOptions],
): CnnAdapter {
  return breakCnn((classifier) => ({
    fit: (images, options = {}) => classifier.fit(...change(images, options)),
  }));
}

function upperHalves(pixels: Uint8Array, count: number): Uint8Array {
  const bytes = pixels.length / count;
  return pixels.map((value, at) => (at % bytes < bytes / 2 ? value : 0));
}

function upperHalfOf(batch: TrainingBatch): TrainingBatch {
  return { ...batch, pixels: upperHalves(batch.pixels, batch.size) };
}

function firstOf({ pixels, labels, masks, size }: TrainingBatch, kept: number): TrainingBatch {
  const first = (values: Uint8Array) => values.subarray(0, (values.length / size) * kept);
  const own = Object.entries(masks).map(([name, mask]) => [name, first(mask)]);
  return {
    pixels: first(pixels),
    labels: labels.subarray(0, kept),
    masks: Object.fromEntries(own),
    size: kept,
  };
}

function firstImages(pixels: TrainingImages['pixels'], count: number, kept: number) {
  if (pixels instanceof Uint8Array) return pixels.subarray(0, (pixels.length / count) * kept);
  return { ...pixels, count: kept, read: pixels.read.bind(pixels) };
}

function withoutDropout(batch: TrainingBatch): TrainingBatch {
  const kept = Object.entries(batch.masks).map(([name, mask]) => [name, mask.map(() => 1)]);
  return { ...batch, masks: Object.fromEntries(kept) };
}

async function lossOnly(model: TrainableModel, batch: TrainingBatch): Promise<StepResult> {
  return { loss: (await model.computeGradients(batch, 0)).loss };
}

/** A step that `skipped` names, counted from 1 since the optimiser was reset, tells its loss alone. */
function skippingSteps(skipped: (step: number) => boolean) {
  return (model: TrainableModel): Partial<TrainableModel> => {
    let step = 0;
    return {
      resetOptimizer() {
        step = 0;
        return model.resetOptimizer();
      },
      step: async (batch, update) =>
        skipped(++step) ? lossOnly(model, batch) : model.step(batch, update),
    };
  };
}

function changingRate(factor: (step: number) => number) {
  return (model: TrainableModel): Partial<TrainableModel> => {
    let step = 0;
    return {
      resetOptimizer() {
        step = 0;
        return model.resetOptimizer();
      },
      step: (batch, update) =>
        model.step(batch, { ...update, learningRate: update.learningRate * factor(step++) }),
    };
  };
}

type Combine = (before: Weights, after: Weights) => Weights;

/** A step from `start` of the weights, after which `combine` says what they are. */
function changingWeights(
  model: TrainableModel,
  combine: Combine,
  start: (weights: Weights) => Weights = (weights) => weights,
) {
  return async (batch: TrainingBatch, update: UpdateSettings) => {
    const before = await model.readWeights();
    await model.writeWeights(start(before));
    const result = await model.step(batch, update);
    await model.writeWeights(combine(before, await model.readWeights()));
    return result;
  };
}

async function withRounded<T>(model: TrainableModel, task: () => Promise<T>): Promise<T> {
  const before = await model.readWeights();
  await model.writeWeights(rounded(before));
  const result = await task();
  await model.writeWeights(before);
  return result;
}

function withoutHighChannels(weights: Weights, others: Weights): Weights {
  return combine(weights, (name, value, at, data) => {
    const isHigh =
      /^conv[23]\.weight$/.test(name) && at >= (8 * data.length) / outputsOf(weights, name);
    return isHigh ? (others[name]?.data[at] as number) : value;
  });
}

function outputsOf(weights: Weights, name: string): number {
  return weights[name]?.shape[0] as number;
}

function zeros(weights: Weights): Weights {
  return combine(weights, () => 0);
}

function rounded(weights: Weights): Weights {
  return combine(weights, (_, value) => {
    const bits = new Uint32Array(Float32Array.of(value).buffer);
    bits[0] = ((bits[0] as number) + 0x8000) & 0xffff_0000;
    return new Float32Array(bits.buffer)[0] as number;
  });
}

function sum(a: Weights, b: Weights): Weights {
  return combine(a, (name, value, at) => value + (b[name]?.data[at] as number));
}

function difference(a: Weights, b: Weights): Weights {
  return combine(a, (name, value, at) => value - (b[name]?.data[at] as number));
}

function combine(
  weights: Weights,
  change: (name: string, value: number, at: number, data: Float32Array) => number,
): Weights {
  return Object.fromEntries(
    Object.entries(weights).map(([name, { shape, data }]) => [
      name,
      { shape, data: data.map((value, at) => change(name, value, at, data)) },
    ]),
  );
}

/** Adam written out, with a fault, around the engine's gradients. */
function ownAdam({ amsgrad = false, biased = false }) {
  return (model: TrainableModel): Partial<TrainableModel> => {
    let step = 0;
    const moments = new Map<string, { mean: number; variance: number; largest: number }>();
    const move = (key: string, gradient: number, { optimizer, learningRate }: UpdateSettings) => {
      if (optimizer.kind === 'sgd') return learningRate * gradient;
      const [beta1, beta2] = optimizer.betas;
      const moment = moments.get(key) ?? { mean: 0, variance: 0, largest: 0 };
      moments.set(key, moment);
      moment.mean = beta1 * moment.mean + (1 - beta1) * gradient;
      moment.variance = beta2 * moment.variance + (1 - beta2) * gradient ** 2;
      moment.largest = Math.max(moment.largest, moment.variance);
      const [mean, variance] = biased ? [1, 1] : [1 - beta1 ** step, 1 - beta2 ** step];
      const root = Math.sqrt((amsgrad ? moment.largest : moment.variance) / variance);
      return (learningRate * (moment.mean / mean)) / (root + optimizer.epsilon);
    };
    return {
      resetOptimizer: async () => {
        step = 0;
        moments.clear();
      },
      async step(batch, update) {
        const { loss, gradients } = await model.computeGradients(batch, 0);
        step++;
        const weights = await model.readWeights();
        await model.writeWeights(
          combine(weights, (name, value, at) => {
            const gradient = gradients[name]?.data[at];
            return gradient === undefined ? value : value - move(`${name}/${at}`, gradient, update);
          }),
        );
        return { loss };
      },
    };
  };
}
