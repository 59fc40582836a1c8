import type { TrainingBatch, Weights } from '@dlcmp/contract';
import type { InferenceSession } from 'onnxruntime-node';
import { dropoutMaskName } from '../layers/dropout';
import type { Network } from '../layers/sequential';
import { DROPOUT } from '../model/simple-cnn';
import { buildTrainingModel, FEATURES, gradientName, LABELS, LOSS } from '../model/training-model';
import type { OnnxRuntime } from '../runtime/onnx-runtime';
import { graphTensors } from './graph-tensors';

/** The loss and the gradients of the layers behind a network's front, as one small ONNX graph. */
export class TailTrainer {
  readonly #runtime: OnnxRuntime;
  readonly #tail: Network;
  readonly #session: InferenceSession;
  readonly #loss = new Float32Array(1);
  #outputs = new Float32Array(0);

  private constructor(runtime: OnnxRuntime, tail: Network, session: InferenceSession) {
    this.#runtime = runtime;
    this.#tail = tail;
    this.#session = session;
  }

  static async create(runtime: OnnxRuntime, tail: Network): Promise<TailTrainer> {
    const session = await runtime.openSession(buildTrainingModel(tail, { input: FEATURES }));
    return new TailTrainer(runtime, tail, session);
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
    { size, labels, masks: { dropout: dropoutKeep = new Uint8Array(0) } }: TrainingBatch,
  ): Promise<{ loss: number; outputs: Float32Array }> {
    const { tensor } = this.#runtime;
    const shape = [size, ...this.#tail.inputShape];
    if (this.#outputs.length !== values.length) this.#outputs = new Float32Array(values.length);
    await this.#session.run(
      {
        ...graphTensors(this.#runtime, weights),
        [FEATURES]: tensor('float32', values, shape),
        [LABELS]: tensor('int32', labels, [size]),
        [dropoutMaskName(DROPOUT)]: tensor('uint8', dropoutKeep, [size, dropoutKeep.length / size]),
      },
      {
        ...graphTensors(this.#runtime, gradients, gradientName),
        [LOSS]: tensor('float32', this.#loss, []),
        [gradientName(FEATURES)]: tensor('float32', this.#outputs, shape),
      },
    );
    return { loss: this.#loss[0] as number, outputs: this.#outputs };
  }

  async release(): Promise<void> {
    await this.#session.release();
  }
}
