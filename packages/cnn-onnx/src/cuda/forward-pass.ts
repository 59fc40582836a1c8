import { CHANNEL_MEAN, CHANNEL_STANDARD_DEVIATION } from '@dlcmp/contract';
import type { DevicePointer } from '@dlcmp/cuda';
import { type BlockSizes, blockElements, type NetworkSizes } from '../devices/network-sizes';
import type { BoundGraph } from '../runtime/c-api/device-session';
import type { CudaEngine } from './cuda-engine';
import type { DeviceBuffers } from './device-buffers';
import type { NetworkSessions } from './network-sessions';
import type { WeightMemory } from './weight-memory';

/** A network on the GPU. */
export interface CudaNetwork {
  readonly engine: CudaEngine;
  readonly sizes: NetworkSizes;
  readonly sessions: NetworkSessions;
  readonly memory: WeightMemory;
}

const FLOAT_BYTES = 4;
const WHITE = 255;
const SCALE = CHANNEL_STANDARD_DEVIATION.map((deviation) => 1 / (WHITE * deviation));
const OFFSET = CHANNEL_MEAN.map((mean, c) => -mean / (CHANNEL_STANDARD_DEVIATION[c] as number));

/** Names of a block's buffers: what it takes, and what it makes. */
export function blockBuffers(index: number) {
  return {
    input: index === 0 ? 'planes' : `pooled${index}`,
    convolved: `convolved${index + 1}`,
    pooled: `pooled${index + 1}`,
    chosen: `chosen${index + 1}`,
  };
}

/** Bytes by buffer of the convolution blocks for `batch` images. */
export function forwardBufferSizes(
  { blocks }: NetworkSizes,
  batch: number,
): Record<string, number> {
  const { height, width } = blocks[0] as BlockSizes;
  const bytes: Record<string, number> = { planes: batch * 3 * height * width * FLOAT_BYTES };
  blocks.forEach((block, index) => {
    const names = blockBuffers(index);
    const { convolved, pooled } = blockElements(block);
    bytes[names.convolved] = batch * convolved * FLOAT_BYTES;
    bytes[names.pooled] = batch * pooled * FLOAT_BYTES;
    bytes[names.chosen] = batch * pooled;
  });
  return bytes;
}

/** The convolution blocks for batches of one size: from pixels to `pooled3`, the dense part's features. */
export class ForwardPass {
  readonly #network: CudaNetwork;
  readonly #buffers: DeviceBuffers;
  readonly #batch: number;
  readonly #convolutions: readonly BoundGraph[];

  constructor(network: CudaNetwork, buffers: DeviceBuffers, batch: number) {
    const { sizes, sessions, memory } = network;
    this.#network = network;
    this.#buffers = buffers;
    this.#batch = batch;
    this.#convolutions = sizes.blocks.map(({ name, inputs, outputs, height, width }, index) => {
      const { input, convolved } = blockBuffers(index);
      const tensors = {
        input: { address: buffers.address(input), shape: [batch, inputs, height, width] },
        weight: memory.tensor('weights', `${name}.weight`),
        output: { address: buffers.address(convolved), shape: [batch, outputs, height, width] },
      };
      return sessions.open('convolution').bind(tensors, ['output']);
    });
  }

  /** @param pixels bytes in batch, height, width, RGB order on the GPU */
  run(pixels: DevicePointer): void {
    this.#normalise(pixels);
    this.#network.sizes.blocks.forEach((block, index) => {
      this.#convolutions[index]?.run();
      this.#pool(block, index);
    });
  }

  release(): void {
    for (const graph of this.#convolutions) graph.release();
  }

  #normalise(pixels: DevicePointer): void {
    const { height, width } = this.#network.sizes.blocks[0] as BlockSizes;
    const count = this.#batch * 3 * height * width;
    this.#network.engine.kernels.overValues(
      ...(['normalise', count, pixels, this.#buffers.address('planes')] as const),
      ...[{ count }, { count: height * width }],
      ...[...SCALE, ...OFFSET].map((value) => ({ float: value })),
    );
  }

  #pool(block: BlockSizes, index: number): void {
    const { convolved, pooled, chosen } = blockBuffers(index);
    const { address } = this.#buffers;
    const count = this.#batch * blockElements(block).pooled;
    const bias = this.#network.memory.tensor('weights', `${block.name}.bias`).address;
    this.#network.engine.kernels.overValues(
      ...(['pool_forward', count, address(convolved), bias, address(pooled)] as const),
      ...[address(chosen), { count }, { count: block.outputs }],
      ...[{ count: block.height }, { count: block.width }],
    );
  }
}
