import type { CnnArchitecture, ImageSize, TrainingBatch } from '@dlcmp/contract';
import type { Tensor, Tensor2D } from '@tensorflow/tfjs-core';
import type { TensorFlow } from '../tensorflow-modules';
import type { NamedTensors } from './operation';
import { pixelInput } from './pixel-input';
import { simpleCnn } from './simple-cnn';
import { softmaxCrossEntropy } from './softmax-cross-entropy';

/** Mean cross-entropy of a batch and its gradient by every weight. */
export interface LossAndGradients {
  /** A scalar. */
  readonly loss: Tensor;
  readonly gradients: NamedTensors;
}

/** Forward and backward pass over `batch`, dropout by its mask. The caller disposes what it makes. */
export function lossAndGradients(
  tf: TensorFlow,
  weights: NamedTensors,
  { pixels, labels, masks: { dropout: dropoutKeep = new Uint8Array(0) }, size }: TrainingBatch,
  spec: ImageSize & CnnArchitecture,
): LossAndGradients {
  const images = pixelInput(tf, pixels, size, spec);
  const { output, backward } = simpleCnn(spec)(images, { tf, weights, dropoutKeep });
  const crossEntropy = softmaxCrossEntropy(tf, output as Tensor2D, labels);
  return { loss: crossEntropy.loss, gradients: backward(crossEntropy.backward()) };
}
