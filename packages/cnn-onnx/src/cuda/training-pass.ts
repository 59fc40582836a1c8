import { bytesPerImage, DlcmpError, elementCount } from '@dlcmp/contract';
import type { CudaDriver, DevicePointer } from '@dlcmp/cuda';
import type { BlockSizes } from '../blocks/block-sizes';
import { BATCH_SIZE, gradientName, LABELS, LOSS, maskName } from '../graph/value-names';
import type { BoundGraph, DeviceTensor } from '../runtime/c-api/device-session';
import { allocateBuffers, type DeviceBuffers } from './device-buffers';
import { blockBuffers, type CudaNetwork, ForwardPass, forwardBufferSizes } from './forward-pass';
import { FEATURES, tailWeightNames } from './graphs';
import { blockElements, type NetworkPlan } from './plan-network';

const FLOAT_BYTES = 4;
const INTEGER_BYTES = 4;
/** What Adam takes at each step: rate, both betas, epsilon. */
const ADAM_NUMBERS = 4;
/** Images, channels: none. */
const NOWHERE: DevicePointer = 0n;

/** Bytes by buffer that a training step on `batch` images needs. */
export function trainingBufferSizes(plan: NetworkPlan, batch: number): Record<string, number> {
  const { blocks, network } = plan;
  const largest = (measure: (block: BlockSizes) => number) => Math.max(...blocks.map(measure));
  const gradients = blocks.map((block, index) => [
    blockGradientName(index),
    batch * blockElements(block).pooled * FLOAT_BYTES,
  ]);
  return {
    ...forwardBufferSizes(plan, batch),
    ...Object.fromEntries(gradients),
    channelsFirst: batch * largest((block) => blockElements(block).convolved) * FLOAT_BYTES,
    columns:
      batch *
      largest(
        ({ inputChannels, inputHeight, inputWidth }) =>
          inputChannels * 9 * inputHeight * inputWidth,
      ) *
      FLOAT_BYTES,
    sums: batch * largest(({ outputChannels }) => outputChannels) * FLOAT_BYTES,
    pixels: batch * bytesPerImage(network),
    ...Object.fromEntries(
      Object.entries(network.masks).map(([name, { shape }]) => [
        maskName(name),
        batch * elementCount(shape),
      ]),
    ),
    [LABELS]: batch * INTEGER_BYTES,
    [BATCH_SIZE]: FLOAT_BYTES,
    adam: ADAM_NUMBERS * FLOAT_BYTES,
    [LOSS]: FLOAT_BYTES,
  };
}

/** Throws `BACKEND_UNAVAILABLE` with the batch size that would fit. */
function assertFits(driver: CudaDriver, sizes: Record<string, number>, batch: number): void {
  const needed = Object.values(sizes).reduce((sum, bytes) => sum + bytes, 0);
  const { freeBytes } = driver.memory();
  if (needed <= freeBytes) return;
  const gigabytes = (bytes: number) => (bytes / 1e9).toFixed(1);
  throw new DlcmpError(
    'BACKEND_UNAVAILABLE',
    `The GPU is out of memory: a step on ${batch} images takes ${gigabytes(needed)} GB, and ${gigabytes(freeBytes)} GB are free. About ${Math.floor((batch * freeBytes) / needed)} images would fit: choose a smaller batch size.`,
  );
}

/** Gradient by what a block puts out. */
function blockGradientName(index: number): string {
  return `gradient${index + 1}`;
}

/** Forward and backward pass over batches of one size: leaves the loss, and every gradient in the weights' memory. */
export class TrainingPass {
  readonly buffers: DeviceBuffers;
  readonly #network: CudaNetwork;
  readonly #batch: number;
  readonly #forward: ForwardPass;
  readonly #tail: BoundGraph;
  readonly #kernelGradients: readonly BoundGraph[];
  /** From the second block on: nobody needs the gradient of the pixels. */
  readonly #imageGradients: readonly BoundGraph[];

  constructor(network: CudaNetwork, batch: number) {
    const { engine, plan } = network;
    this.#network = network;
    this.#batch = batch;
    const bufferSizes = trainingBufferSizes(plan, batch);
    assertFits(engine.driver, bufferSizes, batch);
    this.buffers = allocateBuffers(engine.driver, bufferSizes);
    const size = Float32Array.of(batch);
    engine.driver.copyToDevice(this.buffers.address(BATCH_SIZE), size, engine.stream);
    engine.driver.synchronize(engine.stream);
    this.#forward = new ForwardPass(network, this.buffers, batch);
    this.#tail = this.#bindTail();
    this.#kernelGradients = plan.blocks.map((block) => this.#bindKernelGradient(block));
    this.#imageGradients = plan.blocks
      .slice(1)
      .map((block, index) => this.#bindImageGradient(block, index + 1));
  }

  /** With what the buffers `pixels` and `labels` and those of the masks hold. */
  computeGradients(): void {
    this.#forward.run(this.buffers.address('pixels'));
    this.#tail.run();
    const { blocks } = this.#network.plan;
    for (let index = blocks.length - 1; index >= 0; index--) {
      this.#backward(blocks[index] as BlockSizes, index);
    }
  }

  /** With the gradients as they are, and the numbers in the buffer `adam`. */
  applyAdam(): void {
    const { engine, memory } = this.#network;
    const arrays = (['weights', 'gradients', 'means', 'variances'] as const).map((name) =>
      memory.start(name),
    );
    engine.kernels.overValues(
      ...(['adam', memory.length, ...arrays] as const),
      ...[{ count: memory.length }, this.buffers.address('adam')],
    );
  }

  release(): void {
    this.#forward.release();
    for (const graph of [this.#tail, ...this.#kernelGradients, ...this.#imageGradients]) {
      graph.release();
    }
    this.buffers.free();
  }

  #bindTail(): BoundGraph {
    const { plan, sessions, memory } = this.#network;
    const batch = this.#batch;
    const buffer = (name: string, shape: readonly number[], type?: DeviceTensor['type']) => ({
      ...{ address: this.buffers.address(name), shape },
      ...(type && { type }),
    });
    const last = plan.blocks.length - 1;
    const features = [batch, ...plan.tailShape];
    const weights = tailWeightNames(plan);
    const masks = Object.entries(plan.network.masks).map(([name, { shape }]) => [
      maskName(name),
      buffer(maskName(name), [batch, ...shape], 'uint8'),
    ]);
    const outputs = {
      ...Object.fromEntries(
        weights.map((name) => [gradientName(name), memory.tensor('gradients', name)]),
      ),
      [gradientName(FEATURES)]: buffer(blockGradientName(last), features),
      [LOSS]: buffer(LOSS, []),
    };
    const inputs = {
      ...Object.fromEntries(weights.map((name) => [name, memory.tensor('weights', name)])),
      ...Object.fromEntries(masks),
      [FEATURES]: buffer(blockBuffers(last).pooled, features),
      [LABELS]: buffer(LABELS, [batch], 'int32'),
      [BATCH_SIZE]: buffer(BATCH_SIZE, []),
    };
    return sessions.open('tailTraining').bind({ ...inputs, ...outputs }, Object.keys(outputs));
  }

  #bindKernelGradient(block: BlockSizes): BoundGraph {
    const { name, inputChannels, outputChannels, inputHeight, inputWidth } = block;
    const places = this.#batch * inputHeight * inputWidth;
    const tensors = {
      gradient: { address: this.buffers.address('channelsFirst'), shape: [outputChannels, places] },
      columns: { address: this.buffers.address('columns'), shape: [inputChannels * 9, places] },
      weightGradient: this.#network.memory.tensor('gradients', `${name}.weight`, [
        outputChannels,
        inputChannels * 9,
      ]),
    };
    return this.#network.sessions.open('kernelGradient').bind(tensors, ['weightGradient']);
  }

  #bindImageGradient(
    { name, inputChannels, outputChannels, inputHeight, inputWidth }: BlockSizes,
    index: number,
  ): BoundGraph {
    const batch = this.#batch;
    const tensors = {
      gradient: {
        address: this.buffers.address(blockBuffers(index).convolved),
        shape: [batch, outputChannels, inputHeight, inputWidth],
      },
      weight: this.#network.memory.tensor('weights', `${name}.weight`),
      inputGradient: {
        address: this.buffers.address(blockGradientName(index - 1)),
        shape: [batch, inputChannels, inputHeight, inputWidth],
      },
    };
    return this.#network.sessions.open('imageGradient').bind(tensors, ['inputGradient']);
  }

  /** What the convolution put out is used no more: its memory takes its gradient. */
  #backward(block: BlockSizes, index: number): void {
    const { kernels } = this.#network.engine;
    const { address } = this.buffers;
    const { inputChannels, outputChannels, inputHeight: height, inputWidth: width } = block;
    const { input, convolved, chosen } = blockBuffers(index);
    const gradient = address(blockGradientName(index));
    const images = index > 0 ? address(convolved) : NOWHERE;
    const size = [this.#batch, height, width].map((count) => ({ count }));
    const squares = this.#batch * outputChannels * Math.ceil(height / 2) * Math.ceil(width / 2);
    kernels.overValues(
      ...(['pool_backward', squares, gradient, address(chosen), images] as const),
      ...[address('channelsFirst'), { count: squares }, { count: outputChannels }, ...size],
    );
    this.#biasGradient(block, gradient, address(chosen));
    const values = this.#batch * inputChannels * height * width;
    kernels.overValues(
      ...(['neighbourhoods', values, address(input), address('columns')] as const),
      ...[{ count: values }, { count: inputChannels }, ...size],
    );
    this.#kernelGradients[index]?.run();
    if (index > 0) this.#imageGradients[index - 1]?.run();
  }

  /** Each image for itself, then over the images. */
  #biasGradient(block: BlockSizes, gradient: DevicePointer, chosen: DevicePointer): void {
    const { engine, memory } = this.#network;
    const { outputChannels } = block;
    const batch = this.#batch;
    const sums = this.buffers.address('sums');
    const area = blockElements(block).pooled / outputChannels;
    const bias = memory.tensor('gradients', `${block.name}.bias`).address;
    const one = { count: 1 };
    engine.kernels.overRows(
      ...(['row_sums', batch * outputChannels, gradient, chosen, sums] as const),
      ...[{ count: area }, { count: outputChannels }, { count: batch }],
    );
    engine.kernels.overRows(
      'row_sums',
      outputChannels,
      sums,
      NOWHERE,
      bias,
      { count: batch },
      one,
      one,
    );
  }
}
