import { DlcmpError, type TrialOutput } from '@dlcmp/contract';
import type { TensorFlow } from '@dlcmp/tensorflow';
import type { Tensor } from '@tensorflow/tfjs-core';
import { asRows } from './as-rows';
import type { RuntimeInput } from './model-runtime';

/** What graph models, layers models and SavedModels have in common. */
export interface AskableModel {
  predict(input: Tensor): Tensor | Tensor[] | Readonly<Record<string, Tensor>>;
}

/**
 * Sees to it that `backend` computes, and no other.
 *
 * @throws `BACKEND_UNAVAILABLE`
 */
export async function computeOn(tf: TensorFlow, backend: string): Promise<void> {
  const isReady = await tf.setBackend(backend).catch((cause: unknown) => {
    throw unavailable(backend, (cause as Error).message, cause);
  });
  if (!isReady) throw unavailable(backend, `it is ${tf.getBackend()} that would compute`);
}

function unavailable(backend: string, reason: string, cause?: unknown): DlcmpError {
  return new DlcmpError(
    'BACKEND_UNAVAILABLE',
    `TensorFlow.js cannot compute on ${backend}: ${reason}. "dlcmp doctor" says what is missing.`,
    { cause },
  );
}

/** Asks `model`, whose outputs are called `names`, for one of them. */
export async function runTfjsModel(
  tf: TensorFlow,
  model: AskableModel,
  names: readonly string[],
  input: RuntimeInput,
  output: string,
): Promise<TrialOutput> {
  const tensor = tensorFor(tf, input);
  const answers = model.predict(tensor);
  const all = isTensor(answers) ? [answers] : Object.values(answers);
  const answer = all[names.indexOf(output)] as Tensor;
  const data = Float32Array.from(await answer.data());
  const { shape } = answer;
  tf.dispose([tensor, ...all]);
  return asRows(data, shape, input.shape[0] as number, output);
}

/** A tensor of TensorFlow.js, which has bytes as int32 and no float16. */
function tensorFor(tf: TensorFlow, { data, shape, type }: RuntimeInput): Tensor {
  if (type === 'uint8') return tf.tensor(Int32Array.from(data), [...shape], 'int32');
  return tf.tensor(data as Float32Array, [...shape], 'float32');
}

function isTensor(value: unknown): value is Tensor {
  return typeof (value as Partial<Tensor>).dataSync === 'function';
}
