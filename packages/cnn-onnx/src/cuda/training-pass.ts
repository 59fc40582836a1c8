import { DlcmpError } from '@dlcmp/contract';
import type { CudaDriver, DevicePointer } from '@dlcmp/cuda';
import { type BlockSizes, blockElements, type NetworkSizes } from '../devices/network-sizes';
import type { BoundGraph, DeviceTensor } from '../runtime/c-api/device-session';
import { allocateBuffers, type DeviceBuffers } from './device-buffers';
import { blockBuffers, type CudaNetwork, ForwardPass, forwardBufferSizes } from './forward-pass';

const FLOAT_BYTES = 4;
/** What Adam takes at each step: rate, both betas, epsilon. */
const ADAM_NUMBERS = 4;
/** Images, channels: none. */
const NOWHERE: DevicePointer = 0n;

/** Bytes by buffer that a training step on `batch` images needs. */
export function trainingBufferSizes(sizes: NetworkSizes, batch: number): Record<string, number> {
  const { blocks, hiddenUnits, classes, imageBytes } = sizes;
  const largest = (measure: (block: BlockSizes) => number) => Math.max(...blocks.map(measure));
  const gradients = blocks.map((block, index) => [
    gradientName(index),
    batch * blockElements(block).pooled * FLOAT_BYTES,
  ]);
  return {
    ...forwardBufferSizes(sizes, batch),
    ...Object.fromEntries(gradients),
    channelsFirst: batch * largest((block) => blockElements(block).convolved) * FLOAT_BYTES,
    columns:
      batch * largest(({ inputs, height, width }) => inputs * 9 * height * width) * FLOAT_BYTES,
    sums: batch * largest(({ outputs }) => outputs) * FLOAT_BYTES,
    pixels: batch * imageBytes,
    keep: batch * hiddenUnits,
    target: batch * classes * FLOAT_BYTES,
    share: FLOAT_BYTES,
    adam: ADAM_NUMBERS * FLOAT_BYTES,
    loss: FLOAT_BYTES,
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
function gradientName(index: number): string {
  return `gradient${index + 1}`;
}

/** Forward and backward pass over batches of one size: leaves the loss, and every gradient in the weights' memory. */
export class TrainingPass {
  readonly buffers: DeviceBuffers;
  readonly #network: CudaNetwork;
  readonly #batch: number;
  readonly #forward: ForwardPass;
  readonly #dense: BoundGraph;
  readonly #kernelGradients: readonly BoundGraph[];
  /** From the second block on: nobody needs the gradient of the pixels. */
  readonly #imageGradients: readonly BoundGraph[];

  constructor(network: CudaNetwork, batch: number) {
    const { engine, sizes } = network;
    this.#network = network;
    this.#batch = batch;
    const bufferSizes = trainingBufferSizes(sizes, batch);
    assertFits(engine.driver, bufferSizes, batch);
    this.buffers = allocateBuffers(engine.driver, bufferSizes);
    const share = Float32Array.of(1 / batch);
    engine.driver.copyToDevice(this.buffers.address('share'), share, engine.stream);
    engine.driver.synchronize(engine.stream);
    this.#forward = new ForwardPass(network, this.buffers, batch);
    this.#dense = this.#bindDense();
    this.#kernelGradients = sizes.blocks.map((block) => this.#bindKernelGradient(block));
    this.#imageGradients = sizes.blocks
      .slice(1)
      .map((block, index) => this.#bindImageGradient(block, index + 1));
  }

  /** With what the buffers `pixels`, `keep` and `target` hold. */
  computeGradients(): void {
    this.#forward.run(this.buffers.address('pixels'));
    this.#dense.run();
    for (let index = this.#network.sizes.blocks.length - 1; index >= 0; index--) {
      this.#backward(this.#network.sizes.blocks[index] as BlockSizes, index);
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
    for (const graph of [this.#dense, ...this.#kernelGradients, ...this.#imageGradients]) {
      graph.release();
    }
    this.buffers.free();
  }

  #bindDense(): BoundGraph {
    const { sizes, sessions, memory } = this.#network;
    const { features, hiddenUnits, classes, blocks } = sizes;
    const batch = this.#batch;
    const buffer = (name: string, shape: readonly number[]): DeviceTensor => ({
      address: this.buffers.address(name),
      shape,
    });
    const last = blocks.length - 1;
    const names = ['fc1.weight', 'fc1.bias', 'fc2.weight', 'fc2.bias'];
    const weights = names.map((name) => [name, memory.tensor('weights', name)] as const);
    const gradients = names.map(
      (name) => [`${name}.gradient`, memory.tensor('gradients', name)] as const,
    );
    const outputs = {
      ...Object.fromEntries(gradients),
      'features.gradient': buffer(gradientName(last), [batch, features]),
      loss: buffer('loss', []),
    };
    const inputs = {
      ...Object.fromEntries(weights),
      features: buffer(blockBuffers(last).pooled, [batch, features]),
      keep: { ...buffer('keep', [batch, hiddenUnits]), type: 'uint8' as const },
      target: buffer('target', [batch, classes]),
      share: buffer('share', []),
    };
    return sessions.open('denseTraining').bind({ ...inputs, ...outputs }, Object.keys(outputs));
  }

  #bindKernelGradient({ name, inputs, outputs, height, width }: BlockSizes): BoundGraph {
    const places = this.#batch * height * width;
    const tensors = {
      gradient: { address: this.buffers.address('channelsFirst'), shape: [outputs, places] },
      columns: { address: this.buffers.address('columns'), shape: [inputs * 9, places] },
      weightGradient: this.#network.memory.tensor('gradients', `${name}.weight`, [
        outputs,
        inputs * 9,
      ]),
    };
    return this.#network.sessions.open('kernelGradient').bind(tensors, ['weightGradient']);
  }

  #bindImageGradient(
    { name, inputs, outputs, height, width }: BlockSizes,
    index: number,
  ): BoundGraph {
    const batch = this.#batch;
    const tensors = {
      gradient: {
        address: this.buffers.address(blockBuffers(index).convolved),
        shape: [batch, outputs, height, width],
      },
      weight: this.#network.memory.tensor('weights', `${name}.weight`),
      inputGradient: {
        address: this.buffers.address(gradientName(index - 1)),
        shape: [batch, inputs, height, width],
      },
    };
    return this.#network.sessions.open('imageGradient').bind(tensors, ['inputGradient']);
  }

  /** What the convolution put out is used no more: its memory takes its gradient. */
  #backward(block: BlockSizes, index: number): void {
    const { kernels } = this.#network.engine;
    const { address } = this.buffers;
    const { inputs, outputs, height, width } = block;
    const { input, convolved, chosen } = blockBuffers(index);
    const gradient = address(gradientName(index));
    const images = index > 0 ? address(convolved) : NOWHERE;
    const size = [this.#batch, height, width].map((count) => ({ count }));
    const squares = this.#batch * outputs * Math.ceil(height / 2) * Math.ceil(width / 2);
    kernels.overValues(
      ...(['pool_backward', squares, gradient, address(chosen), images] as const),
      ...[address('channelsFirst'), { count: squares }, { count: outputs }, ...size],
    );
    this.#biasGradient(block, gradient, address(chosen));
    const values = this.#batch * inputs * height * width;
    kernels.overValues(
      ...(['neighbourhoods', values, address(input), address('columns')] as const),
      ...[{ count: values }, { count: inputs }, ...size],
    );
    this.#kernelGradients[index]?.run();
    if (index > 0) this.#imageGradients[index - 1]?.run();
  }

  /** Each image for itself, then over the images. */
  #biasGradient(block: BlockSizes, gradient: DevicePointer, chosen: DevicePointer): void {
    const { engine, memory } = this.#network;
    const { outputs } = block;
    const batch = this.#batch;
    const sums = this.buffers.address('sums');
    const area = blockElements(block).pooled / outputs;
    const bias = memory.tensor('gradients', `${block.name}.bias`).address;
    const one = { count: 1 };
    engine.kernels.overRows(
      ...(['row_sums', batch * outputs, gradient, chosen, sums] as const),
      ...[{ count: area }, { count: outputs }, { count: batch }],
    );
    engine.kernels.overRows('row_sums', outputs, sums, NOWHERE, bias, { count: batch }, one, one);
  }
}
