import type { ModelSpec } from '@dlcmp/contract';
import type { DeviceNetwork } from '../devices/device-network';
import { networkSizes } from '../devices/network-sizes';
import type { WebGpuRuntime } from '../runtime/c-api/webgpu-runtime';
import { DeviceState } from './device-state';
import type { NetworkParts } from './network-parts';
import { WebGpuPredictor } from './webgpu-predictor';
import { WebGpuTrainer } from './webgpu-trainer';
import { weightLayout } from './weight-layout';

/**
 * The network on the GPU that WebGPU offers, without weights yet. Memory for training is taken by the first step.
 *
 * @throws `INVALID_ARGUMENT`
 */
export function openWebGpuNetwork(runtime: WebGpuRuntime, spec: ModelSpec): DeviceNetwork {
  const sizes = networkSizes(spec);
  const layout = weightLayout(sizes);
  const state = new DeviceState(runtime, layout);
  const parts: NetworkParts = { runtime, sizes, layout, state };
  const predictor = new WebGpuPredictor(parts);
  let trainer: WebGpuTrainer | undefined;
  const openTrainer = () => {
    trainer ??= new WebGpuTrainer(parts);
    return trainer;
  };
  return {
    step: (batch, adam) => openTrainer().step(batch, adam),
    computeGradients: (batch) => openTrainer().computeGradients(batch),
    predict: (pixels, count, prediction) => predictor.run(pixels, count, prediction),
    resetOptimizer: () => trainer?.reset(),
    writeWeights: (weights) => state.writeWeights(weights),
    readWeights: () => state.readWeights(),
    release() {
      trainer?.release();
      predictor.release();
      state.release();
    },
  };
}
