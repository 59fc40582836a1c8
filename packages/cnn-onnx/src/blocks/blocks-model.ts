import {
  clippingScale,
  globalNorm,
  type InferenceOutput,
  type Network,
  type OptimizerSpec,
  type OptimizerState,
  type StepResult,
  type TrainableModel,
  type TrainingBatch,
  type UpdateSettings,
  type Weights,
} from '@dlcmp/contract';
import type { HeapArray } from '@dlcmp/kernels';
import type { OnnxRuntime } from '../runtime/onnx-runtime';
import { type Compute, openCompute, releaseOnFailure } from '../runtime/open-compute';
import type { BlockOptimizer } from './block-optimizer';
import type { HeapWeights } from './block-sizes';
import { BlockWeights } from './block-weights';
import { FrontHeap } from './front-heap';
import { asTensors } from './heap-tensors';
import { type UpdateCall, updateCall } from './optimizer-calls';
import type { SplitNetwork } from './split-network';
import { TailGraphs } from './tail-graphs';

/** Images that are answered together: more take memory and bring no speed. */
const BATCH_SIZE = 32;

/**
 * A network whose front is computed by kernels and whose tail by ONNX graphs: one heap, one pool of threads and one copy of the
 * weights, for training and inference.
 */
export class BlocksModel implements TrainableModel {
  readonly #compute: Compute;
  readonly #network: Network;
  readonly #split: SplitNetwork;
  readonly #weights: BlockWeights;
  readonly #front: FrontHeap;
  readonly #tail: TailGraphs;

  private constructor(
    runtime: OnnxRuntime,
    compute: Compute,
    network: Network,
    split: SplitNetwork,
  ) {
    const { weightShapes, stateShapes } = split.tail;
    this.#compute = compute;
    this.#network = network;
    this.#split = split;
    this.#weights = new BlockWeights(compute.heap, compute.pool, network, split.front);
    this.#front = new FrontHeap(compute, split.front, this.#weights, BATCH_SIZE);
    this.#tail = new TailGraphs(runtime, split.tail, {
      weights: asTensors(this.#weights.arrays, weightShapes),
      state: asTensors(this.#weights.arrays, stateShapes),
    });
  }

  /** @param library ONNX Runtime's own, see `findNativeLibrary` */
  static async open(
    runtime: OnnxRuntime,
    library: string,
    network: Network,
    split: SplitNetwork,
  ): Promise<BlocksModel> {
    return releaseOnFailure(
      await openCompute(library, runtime.threads),
      (compute) => new BlocksModel(runtime, compute, network, split),
    );
  }

  async readWeights(): Promise<Weights> {
    return this.#weights.read();
  }

  async writeWeights(weights: Weights): Promise<void> {
    this.#weights.write(weights);
    await this.#weightsChanged();
  }

  async step(batch: TrainingBatch, update: UpdateSettings): Promise<StepResult> {
    const { optimizer: spec, learningRate, labelSmoothing, gradientClipping: limit } = update;
    const optimizer = this.#front.openOptimizer(spec);
    const loss = await this.#forward(batch, labelSmoothing, true);
    const step = ++optimizer.stepCount;
    const callOf = (scale: number) => updateCall(spec, step, learningRate, scale);
    const gradientNorm =
      limit === undefined
        ? this.#backwardAndMove(batch.size, optimizer, callOf(1))
        : this.#withGradients(batch.size, (gradients) => {
            const norm = globalNorm(gradients);
            optimizer.step(gradients, callOf(clippingScale(norm, limit)));
            return norm;
          });
    await this.#weightsChanged();
    return { loss, ...(gradientNorm !== undefined && { gradientNorm }) };
  }

  async computeGradients(
    batch: TrainingBatch,
    labelSmoothing: number,
  ): Promise<{ loss: number; gradients: Weights }> {
    const loss = await this.#forward(batch, labelSmoothing, false);
    const gradients = this.#withGradients(batch.size, (arrays) =>
      Object.fromEntries(
        Object.entries(this.#network.weightShapes).map(([name, shape]) => [
          name,
          { shape, data: this.#weights.toPyTorch(name, arrays[name] as HeapArray) },
        ]),
      ),
    );
    return { loss, gradients };
  }

  async infer(pixels: Uint8Array, count: number, output: InferenceOutput): Promise<Float32Array> {
    const { inputHeight, inputWidth, classCount } = this.#network;
    const imageBytes = inputHeight * inputWidth * 3;
    const answers = new Float32Array(count * classCount);
    for (let start = 0; start < count; start += BATCH_SIZE) {
      const size = Math.min(BATCH_SIZE, count - start);
      const images = pixels.subarray(start * imageBytes, (start + size) * imageBytes);
      const rows = answers.subarray(start * classCount, (start + size) * classCount);
      const features = this.#front.open().forward(images, size, false);
      await this.#tail.infer(features, size, output, rows);
    }
    return answers;
  }

  async resetOptimizer(): Promise<void> {
    this.#front.optimizer?.reset();
  }

  async readOptimizer(): Promise<OptimizerState> {
    const { optimizer } = this.#front;
    if (!optimizer || optimizer.stepCount === 0) return { stepCount: 0, moments: {} };
    const moments = Object.entries(optimizer.moments()).map(([name, array]) => [
      name,
      this.#weights.toPyTorch(weightOfMoment(name), array),
    ]);
    return { stepCount: optimizer.stepCount, moments: Object.fromEntries(moments) };
  }

  async writeOptimizer({ stepCount, moments }: OptimizerState, spec: OptimizerSpec): Promise<void> {
    const optimizer = this.#front.openOptimizer(spec);
    optimizer.reset();
    optimizer.stepCount = stepCount;
    for (const [name, array] of Object.entries(optimizer.moments())) {
      const saved = moments[name];
      if (saved) this.#weights.fromPyTorch(weightOfMoment(name), saved, array);
    }
  }

  async release(): Promise<void> {
    await this.#tail.release();
    await this.#compute.release();
  }

  /** The loss. Gradients of the tail's weights and of what the front put out are left where {@link FrontHeap} has them. */
  async #forward(
    batch: TrainingBatch,
    labelSmoothing: number,
    keepsState: boolean,
  ): Promise<number> {
    const { front, frontGradients, gradients } = this.#front.openForTraining(batch.size);
    const features = front.forward(batch.pixels, batch.size, true);
    const wanted = {
      gradients: asTensors(gradients, this.#split.tail.weightShapes),
      outputs: frontGradients.outputs(batch.size),
    };
    return this.#tail.computeGradients(batch, features, wanted, { labelSmoothing, keepsState });
  }

  /** Moves the weights by the front's gradients, those of its dense layer as soon as they are there, and by the tail's. */
  #backwardAndMove(size: number, optimizer: BlockOptimizer, update: UpdateCall): undefined {
    const { frontGradients, gradients } = this.#front.openForTraining(size);
    const name = this.#weights.denseName as string;
    frontGradients.backward(gradients, size, {
      use: (address, first, count) => optimizer.partCall(name, address, first, count, update),
    });
    optimizer.step(gradients, update);
  }

  /** `use` of the gradients of all weights, which are gone afterwards. */
  #withGradients<Result>(size: number, use: (gradients: HeapWeights) => Result): Result {
    const { frontGradients, gradients } = this.#front.openForTraining(size);
    const { dense, denseName } = this.#weights;
    return this.#front.withRoom(dense?.matrix.data.length ?? 0, (room) => {
      frontGradients.backward(gradients, size, { gradients: room });
      return use(denseName === undefined ? gradients : { ...gradients, [denseName]: room });
    });
  }

  async #weightsChanged(): Promise<void> {
    this.#front.weightsChanged();
    await this.#tail.weightsChanged();
  }
}

/** `conv1.weight` of `conv1.weight.mean`. */
function weightOfMoment(name: string): string {
  return name.slice(0, name.lastIndexOf('.'));
}
