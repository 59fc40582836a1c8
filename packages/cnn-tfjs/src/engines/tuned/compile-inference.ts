import type { CompiledFunction, OpenEngine } from '@dlcmp/tensorflow/engine';
import type { Tensor } from '@tensorflow/tfjs-core';
import type { ModelParts } from '../../model/model-parts';
import { applyNetwork } from '../../network/apply-network';
import { inputArray, normaliseBytes } from '../../network/pixel-input';
import type { TensorFlow } from '../../tensorflow-modules';

/** Answers for `size` images as a function of TensorFlow's: from pixels and weights to logits and probabilities. */
export function compileInference(
  tf: TensorFlow,
  engine: OpenEngine,
  { network, plan, weights }: ModelParts,
  size: number,
): CompiledFunction {
  const names = Object.keys(weights.all);
  const inputs = {
    arrays: [inputArray(network, size)],
    tensors: Object.values<Tensor>(weights.all),
  } as const;
  return engine.compile(inputs, ({ arrays: [bytes], tensors }) => {
    const given = Object.fromEntries(names.map((name, index) => [name, tensors[index] as Tensor]));
    const images = normaliseBytes(tf, bytes as Tensor, network);
    const { logits } = applyNetwork(plan, images, { tf, weights: given });
    return [logits, tf.softmax(logits)];
  });
}
