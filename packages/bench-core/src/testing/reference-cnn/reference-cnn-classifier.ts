import type { CnnClassifier, ModelSpec, TrainingBatch } from '@dlcmp/contract';
import {
  assertPixels,
  bytesPerImage,
  createInitialWeights,
  DlcmpError,
  simpleCnnShapes,
  trainEpochs,
  type Weights,
  writeSavedCnn,
} from '@dlcmp/contract';
import { type Adam, createAdam } from './adam';
import { accumulateBatchGradients } from './batch-gradients';
import type { Parameter } from './layer';
import { createNetwork, type Network } from './network';
import { softmax } from './softmax-cross-entropy';

/** `simple-cnn` in plain TypeScript behind the contract; saves are signed with `adapterId`. */
export function createReferenceCnnClassifier(spec: ModelSpec, adapterId: string): CnnClassifier {
  const shapes = simpleCnnShapes(spec);
  const initialWeights = createInitialWeights(spec);
  let fitted = spec.initialWeights !== undefined;
  let model: { network: Network; adam: Adam } | undefined = startAnew();

  function startAnew() {
    const network = createNetwork(spec, initialWeights);
    return { network, adam: createAdam(Object.values(network.parameters)) };
  }

  function open() {
    if (model) return model;
    throw new DlcmpError('DISPOSED', 'This classifier was disposed. Create or load another one.');
  }

  function openFitted() {
    const opened = open();
    if (fitted) return opened;
    throw new DlcmpError('NOT_FITTED', 'Call fit first, or give the spec initialWeights.');
  }

  function copy(part: 'value' | 'gradient'): Weights {
    const { parameters } = open().network;
    return Object.fromEntries(
      Object.entries(shapes).map(([name, shape]) => [
        name,
        { shape, data: Float32Array.from((parameters[name] as Parameter)[part]) },
      ]),
    );
  }

  function answer(pixels: Uint8Array, count: number, read: (logits: Float64Array) => Float64Array) {
    const { network } = open();
    assertPixels(pixels, count, spec);
    const classCount = spec.classNames.length;
    const answers = new Float32Array(count * classCount);
    const bytes = bytesPerImage(spec);
    for (let i = 0; i < count; i++) {
      const logits = network.forward(pixels.subarray(i * bytes, (i + 1) * bytes));
      answers.set(read(logits), i * classCount);
    }
    return answers;
  }

  const classifier: CnnClassifier = {
    async fit(images, options = {}) {
      open();
      model = startAnew();
      const step = async (batch: TrainingBatch) => {
        const loss = await classifier.trainStep(batch, options);
        fitted = true;
        // Weights and answers leave in float32, so training has diverged where its range ends.
        return Math.fround(loss);
      };
      await trainEpochs(spec, images, options, step, classifier);
      return { details: { precision: 'float64' }, notes: [] };
    },
    async predict(pixels, count) {
      openFitted();
      return answer(pixels, count, softmax);
    },
    predictLogits: async (pixels, count) => answer(pixels, count, (logits) => logits),
    async trainStep(batch, options) {
      const { network, adam } = open();
      const loss = accumulateBatchGradients(network, batch);
      adam.step(options);
      return loss;
    },
    async computeGradients(batch: TrainingBatch) {
      const loss = accumulateBatchGradients(open().network, batch);
      return { loss, gradients: copy('gradient') };
    },
    getWeights: async () => copy('value'),
    async save(directory) {
      openFitted();
      await writeSavedCnn(directory, adapterId, spec, copy('value'));
    },
    async dispose() {
      model = undefined;
    },
  };
  return classifier;
}
