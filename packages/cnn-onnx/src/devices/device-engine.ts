import {
  assertArgument,
  type ComputedPart,
  type Device,
  DlcmpError,
  type Engine,
  type ModelSpec,
  type Network,
  type OptimizerSpec,
  type OptimizerState,
  simpleCnnOptions,
  type TrainableModel,
  type UpdateSettings,
} from '@dlcmp/contract';
import type { DeviceNetwork } from './device-network';

/** A GPU on which kernels of this project compute `simple-cnn`. */
export interface DeviceEngineTable {
  readonly id: string;
  readonly title: string;
  readonly device: Device;
  readonly computedBy: readonly ComputedPart[];
  probe(): Promise<Probe>;
  open(spec: ModelSpec): Promise<DeviceNetwork>;
}

type Probe = Awaited<ReturnType<Engine['probe']>>;

/** An engine for `simple-cnn` with Adam, all on a GPU. */
export function createDeviceEngine({
  id,
  title,
  device,
  computedBy,
  ...table
}: DeviceEngineTable): Engine {
  return {
    ...{ id, title, devices: [device], computedBy },
    ...{ optimizers: ['adam'], clipsGradients: false },
    probe: () => table.probe(),
    supports: ({ description }) =>
      simpleCnnOptions(description) !== undefined || 'it computes simple-cnn alone',
    open: async (network) => deviceModel(id, await table.open(simpleCnnSpec(network))),
  };
}

function simpleCnnSpec({ description, inputHeight, inputWidth, classCount }: Network): ModelSpec {
  const classNames = Array.from({ length: classCount }, (_, index) => `class ${index}`);
  return { inputHeight, inputWidth, classNames, seed: 0, network: description };
}

function deviceModel(engine: string, network: DeviceNetwork): TrainableModel {
  const adamOf = ({ optimizer, learningRate, labelSmoothing }: UpdateSettings) => {
    assertPlain(engine, labelSmoothing);
    assertAdam(engine, optimizer);
    return { learningRate, betas: optimizer.betas, epsilon: optimizer.epsilon };
  };
  return {
    readWeights: async () => network.readWeights(),
    writeWeights: async (weights) => network.writeWeights(weights),
    step: async (batch, update) => {
      const loss = network.step(batch, adamOf(update));
      return { read: async () => ({ loss: await loss.read() }) };
    },
    computeGradients: async (batch, labelSmoothing) => {
      assertPlain(engine, labelSmoothing);
      return network.computeGradients(batch);
    },
    infer: async (pixels, count, output) => network.predict(pixels, count, output),
    resetOptimizer: async () => network.resetOptimizer(),
    readOptimizer: async () => refuseCheckpoint(engine),
    writeOptimizer: async (_: OptimizerState) => refuseCheckpoint(engine),
    release: async () => network.release(),
  };
}

function refuseCheckpoint(engine: string): never {
  throw new DlcmpError(
    'INVALID_ARGUMENT',
    `The engine ${engine} keeps its moments on the GPU, and no checkpoints. Leave checkpoint and resumeFrom out, or choose the engine graph.`,
  );
}

function assertPlain(engine: string, labelSmoothing: number): void {
  assertArgument(
    labelSmoothing === 0,
    `The engine ${engine} has no labelSmoothing. Leave it out, or choose the engine graph.`,
  );
}

function assertAdam(
  engine: string,
  optimizer: OptimizerSpec,
): asserts optimizer is OptimizerSpec & { kind: 'adam' } {
  assertArgument(
    optimizer.kind === 'adam' && optimizer.weightDecay === 0,
    `The engine ${engine} trains with Adam without weight decay. Choose the engine graph for other optimisers.`,
  );
}
