import { bytesPerImage } from '@dlcmp/contract';
import type { DevicePointer } from '@dlcmp/cuda';
import type { BlockSizes } from '../blocks/block-sizes';
import type { BoundGraph } from '../runtime/c-api/device-session';
import type { CudaEngine } from './cuda-engine';
import type { DeviceBuffers } from './device-buffers';
import type { NetworkSessions } from './network-sessions';
import { blockElements, type NetworkPlan } from './plan-network';
import type { WeightMemory } from './weight-memory';

/** A network on the GPU. */
export interface CudaNetwork {
  readonly engine: CudaEngine;
  readonly plan: NetworkPlan;
  readonly sessions: NetworkSessions;
  readonly memory: WeightMemory;
}

const FLOAT_BYTES = 4;
const WHITE = 255;

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
  { blocks, network }: NetworkPlan,
  batch: number,
): Record<string, number> {
  const bytes: Record<string, number> = { planes: batch * bytesPerImage(network) * FLOAT_BYTES };
  blocks.forEach((block, index) => {
    const names = blockBuffers(index);
    const { convolved, pooled } = blockElements(block);
    bytes[names.convolved] = batch * convolved * FLOAT_BYTES;
    bytes[names.pooled] = batch * pooled * FLOAT_BYTES;
    bytes[names.chosen] = batch * pooled;
  });
  return bytes;
}

/** The convolution blocks for batches of one size: from pixels to the last one's images, which the tail takes. */
export class ForwardPass {
  readonly #network: CudaNetwork;
  readonly #buffers: DeviceBuffers;
  readonly #batch: number;
  readonly #convolutions: readonly BoundGraph[];

  constructor(network: CudaNetwork, buffers: DeviceBuffers, batch: number) {
    const { plan, sessions, memory } = network;
    this.#network = network;
    this.#buffers = buffers;
    this.#batch = batch;
    this.#convolutions = plan.blocks.map((block, index) => {
      const { name, inputChannels, outputChannels, inputHeight, inputWidth } = block;
      const { input, convolved } = blockBuffers(index);
      const shape = (channels: number) => [batch, channels, inputHeight, inputWidth];
      const tensors = {
        input: { address: buffers.address(input), shape: shape(inputChannels) },
        weight: memory.tensor('weights', `${name}.weight`),
        output: { address: buffers.address(convolved), shape: shape(outputChannels) },
      };
      return sessions.open('convolution').bind(tensors, ['output']);
    });
  }

  /** @param pixels bytes in batch, height, width, RGB order on the GPU */
  run(pixels: DevicePointer): void {
    this.#normalise(pixels);
    this.#network.plan.blocks.forEach((block, index) => {
      this.#convolutions[index]?.run();
      this.#pool(block, index);
    });
  }

  release(): void {
    for (const graph of this.#convolutions) graph.release();
  }

  #normalise(pixels: DevicePointer): void {
    const { network } = this.#network.plan;
    const { mean, standardDeviation } = network.normalisation;
    const scale = standardDeviation.map((deviation) => 1 / (WHITE * deviation));
    const offset = mean.map((value, channel) => -value / (standardDeviation[channel] as number));
    const count = this.#batch * bytesPerImage(network);
    this.#network.engine.kernels.overValues(
      ...(['normalise', count, pixels, this.#buffers.address('planes')] as const),
      ...[{ count }, { count: network.inputHeight * network.inputWidth }],
      ...[...scale, ...offset].map((value) => ({ float: value })),
    );
  }

  #pool(block: BlockSizes, index: number): void {
    const { convolved, pooled, chosen } = blockBuffers(index);
    const { address } = this.#buffers;
    const count = this.#batch * blockElements(block).pooled;
    const bias = this.#network.memory.tensor('weights', `${block.name}.bias`).address;
    this.#network.engine.kernels.overValues(
      ...(['pool_forward', count, address(convolved), bias, address(pooled)] as const),
      ...[address(chosen), { count }, { count: block.outputChannels }],
      ...[{ count: block.inputHeight }, { count: block.inputWidth }],
    );
  }
}
