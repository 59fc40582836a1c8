import {
  assertArgument,
  type Device,
  type ModelSpec,
  type Network,
  type NetworkDescription,
  type OptimizerSpec,
  simpleCnn,
  simpleCnnOptions,
  type UpdateSettings,
} from '@dlcmp/contract';
import { explicitDescription } from './explicit-description';
import type { PeerFiles } from './peer-files';
import type { PeerParams } from './peer-messages';

/** What decides an epoch besides its images, before it is put into files. */
export interface PlannedEpoch {
  /** Which image stands at each position. */
  readonly order: Uint32Array;
  /** By image: 1 = mirror it. */
  readonly flips: Uint8Array;
  /** By dropout node and position. */
  readonly masks: Readonly<Record<string, Uint8Array>>;
  /** Of each step. */
  readonly learningRates: Float64Array;
  readonly batchSize: number;
  /** Whether no step was taken since the weights were written. */
  readonly isFirst: boolean;
  readonly learning: Omit<UpdateSettings, 'learningRate'>;
}

type Spec = PeerParams<'create'>['spec'];
type Plan = NonNullable<PeerParams<'train'>['plan']>;
type Masks = PeerParams<'gradients'>['masks'];

/** How a version of the protocol puts networks and what to train them with. */
export interface PeerDialect {
  readonly optimizers: readonly OptimizerSpec['kind'][];
  readonly clipsGradients: boolean;
  readonly ratesByWeight: readonly Device[];
  /** `true`, or why the version cannot say it. */
  supports(network: Network): true | string;
  spec(spec: ModelSpec, network: Network): Spec;
  /** @throws `INVALID_ARGUMENT` where the version cannot say it */
  plan(files: PeerFiles, epoch: PlannedEpoch): Promise<Plan>;
  masks(files: PeerFiles, masks: PlannedEpoch['masks'], purpose: string): Promise<Masks>;
}

function sizes({ inputHeight, inputWidth, classNames, seed }: ModelSpec) {
  return { inputHeight, inputWidth, classNames: [...classNames], seed };
}

/** Of a forest, by the protocol's version. */
export function forestSpec(spec: ModelSpec, version: number): Spec {
  return version === 1 ? { ...sizes(spec), architecture: null } : { ...sizes(spec), network: null };
}

async function writeOrder(files: PeerFiles, { order, flips }: PlannedEpoch) {
  return {
    order: await files.write('order', order),
    flips: await files.write('flips', flips),
  };
}

async function writeMasks(files: PeerFiles, masks: PlannedEpoch['masks'], purpose: string) {
  const written: Record<string, string> = {};
  for (const [index, [name, mask]] of Object.entries(masks).entries()) {
    written[name] = await files.write(`${purpose}-masks-${index}`, mask);
  }
  return written;
}

/** Any network, any optimiser. */
const version2: PeerDialect = {
  optimizers: ['adam', 'adamW', 'sgd'],
  clipsGradients: true,
  ratesByWeight: ['cpu', 'cuda', 'webgpu'],
  supports: () => true,
  spec: (spec, network) => ({ ...sizes(spec), network: { ...explicitDescription(network) } }),
  async plan(files, epoch) {
    const { batchSize, learning, learningRates, masks } = epoch;
    const { optimizer, gradientClipping = null, labelSmoothing, rateFactors } = learning;
    return {
      ...(await writeOrder(files, epoch)),
      masks: await writeMasks(files, masks, 'epoch'),
      learningRates: await files.write('learning-rates', learningRates),
      batchSize,
      optimizer:
        optimizer.kind === 'sgd' ? optimizer : { ...optimizer, betas: [...optimizer.betas] },
      gradientClipping,
      labelSmoothing,
      ...(rateFactors && { rateFactors: { ...rateFactors } }),
    };
  },
  masks: writeMasks,
};

const ONLY_MASK = 'dropout';

/** `simple-cnn` with Adam at one learning rate. */
const version1: PeerDialect = {
  optimizers: ['adam'],
  clipsGradients: false,
  ratesByWeight: [],
  supports({ description }) {
    if (simpleCnnOptions(description)) return true;
    return `it speaks version 1 of the peer protocol, which knows simple-cnn alone (${firstStranger(description)})`;
  },
  spec(spec, { description }) {
    const architecture = simpleCnnOptions(description);
    if (!architecture) throw new RangeError('Only a supported network is put into a spec.');
    const { channels, hiddenUnits, dropoutRate } = architecture;
    const [first, second, third] = channels;
    return {
      ...sizes(spec),
      architecture: { channels: [first, second, third], hiddenUnits, dropoutRate },
    };
  },
  async plan(files, epoch) {
    return {
      ...(await writeOrder(files, epoch)),
      masks: await files.write('epoch-masks', epoch.masks[ONLY_MASK] as Uint8Array),
      batchSize: epoch.batchSize,
      adam: plainAdam(epoch),
      restart: epoch.isFirst,
    };
  },
  masks: (files, masks, purpose) => files.write(`${purpose}-masks`, masks[ONLY_MASK] as Uint8Array),
};

/** Adam's settings, where they are all that the epoch is trained with. */
function plainAdam({ learning, learningRates }: PlannedEpoch) {
  const { optimizer, labelSmoothing } = learning;
  const learningRate = learningRates[0] ?? 0;
  assertArgument(
    optimizer.kind === 'adam' && optimizer.weightDecay === 0 && labelSmoothing === 0,
    'A peer of protocol version 1 trains without weight decay and label smoothing: leave them out, or let it speak version 2.',
  );
  assertArgument(
    learningRates.every((rate) => rate === learningRate),
    'A peer of protocol version 1 trains an epoch at one learning rate: choose a constant one, or let it speak version 2.',
  );
  const [beta1, beta2] = optimizer.betas;
  return { learningRate, beta1, beta2, epsilon: optimizer.epsilon };
}

/** What of `description` is not as `simple-cnn` has it, its sizes aside. */
function firstStranger({ nodes }: NetworkDescription): string {
  const known = simpleCnn().nodes;
  const shape = (node: object | undefined) =>
    JSON.stringify({ ...node, channels: 0, units: 0, rate: 0 });
  const at = nodes.findIndex((node, index) => shape(node) !== shape(known[index]));
  const { type, name } = nodes[at] ?? {};
  if (type === undefined) return 'its sizes or its normalisation are others';
  return `its node ${name === undefined ? at + 1 : `"${name}"`}, ${type}, is none of simple-cnn's`;
}

/** How a peer that speaks `version` is talked to. */
export function peerDialect(version: number): PeerDialect {
  return version === 1 ? version1 : version2;
}
