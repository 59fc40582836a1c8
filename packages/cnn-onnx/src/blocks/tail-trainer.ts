import type { TrainingBatch, Weights } from '@dlcmp/contract';
import type { InferenceSession, Tensor } from 'onnxruntime-node';
import { graphTensors } from '../graph/graph-tensors';
import { gradientName, LABELS, LOSS, maskName } from '../graph/value-names';
import type { OnnxRuntime } from '../runtime/onnx-runtime';
import type { Tail } from './split-network';
import { buildTailTraining, FEATURES } from './tail-models';

/** The loss and the gradients of the nodes behind a network's front, as one small ONNX graph. */
export class TailTrainer {
  readonly #runtime: OnnxRuntime;
  readonly #tail: Tail;
  readonly #loss = new Float32Array(1);
  #session: { readonly labelSmoothing: number; readonly session: InferenceSession } | undefined;
  #outputs = new Float32Array(0);

  constructor(runtime: OnnxRuntime, tail: Tail) {
    this.#runtime = runtime;
    this.#tail = tail;
  }

  /**
   * Fills `gradients` of its `weights`.
   *
   * @param values of the dense layer before, [size × units]
   * @returns the batch's mean cross-entropy, and its gradients of `values`, overwritten by the next call
   */
  async computeGradients(
    weights: Weights,
    gradients: Weights,
    values: Float32Array,
    { size, labels, masks }: TrainingBatch,
    labelSmoothing: number,
  ): Promise<{ loss: number; outputs: Float32Array }> {
    const { tensor } = this.#runtime;
    const session = await this.#open(labelSmoothing);
    const shape = [size, this.#tail.units];
    if (this.#outputs.length !== values.length) this.#outputs = new Float32Array(values.length);
    const feeds: Record<string, Tensor> = {
      ...graphTensors(this.#runtime, weights),
      [FEATURES]: tensor('float32', values, shape),
      [LABELS]: tensor('int32', labels, [size]),
    };
    for (const [name, mask] of Object.entries(this.#tail.masks)) {
      feeds[maskName(name)] = tensor('uint8', masks[name] as Uint8Array, [size, ...mask.shape]);
    }
    await session.run(feeds, {
      ...graphTensors(this.#runtime, gradients, gradientName),
      [LOSS]: tensor('float32', this.#loss, []),
      [gradientName(FEATURES)]: tensor('float32', this.#outputs, shape),
    });
    return { loss: this.#loss[0] as number, outputs: this.#outputs };
  }

  async release(): Promise<void> {
    const open = this.#session;
    this.#session = undefined;
    await open?.session.release();
  }

  async #open(labelSmoothing: number): Promise<InferenceSession> {
    if (this.#session?.labelSmoothing === labelSmoothing) return this.#session.session;
    await this.release();
    const session = await this.#runtime.openSession(buildTailTraining(this.#tail, labelSmoothing));
    this.#session = { labelSmoothing, session };
    return session;
  }
}
