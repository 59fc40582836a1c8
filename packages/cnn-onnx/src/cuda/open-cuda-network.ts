import type { ModelSpec } from '@dlcmp/contract';
import type { DeviceNetwork } from '../devices/device-network';
import { networkSizes } from '../devices/network-sizes';
import type { CudaEngine } from './cuda-engine';
import { CudaPredictor } from './cuda-predictor';
import { CudaTrainer } from './cuda-trainer';
import type { CudaNetwork } from './forward-pass';
import { NetworkSessions } from './network-sessions';
import { WeightMemory } from './weight-memory';

/**
 * The network on an NVIDIA GPU, without weights yet. Memory for training is taken by the first step, and for predictions by
 * the first of them.
 *
 * @throws `INVALID_ARGUMENT`
 */
export function openCudaNetwork(engine: CudaEngine, spec: ModelSpec): DeviceNetwork {
  const sizes = networkSizes(spec);
  const sessions = new NetworkSessions(engine.runtime, sizes);
  const memory = new WeightMemory(engine, sizes);
  const network: CudaNetwork = { engine, sizes, sessions, memory };
  let predictor: CudaPredictor | undefined;
  const openPredictor = () => {
    predictor ??= new CudaPredictor(network);
    return predictor;
  };
  let trainer: CudaTrainer | undefined;
  const openTrainer = () => {
    trainer ??= new CudaTrainer(network);
    return trainer;
  };
  return {
    step: (batch, adam) => openTrainer().step(batch, adam),
    async computeGradients(batch) {
      const loss = await openTrainer().computeGradients(batch).read();
      return { loss, gradients: memory.read('gradients') };
    },
    predict: (pixels, count, prediction) => openPredictor().run(pixels, count, prediction),
    resetOptimizer: () => openTrainer().reset(),
    writeWeights: (weights) => memory.write(weights),
    readWeights: () => memory.read('weights'),
    release() {
      trainer?.release();
      predictor?.release();
      sessions.release();
      memory.free();
    },
  };
}
