import type { CnnFitOptions } from '../classifier';
import { assertArgument } from '../errors';
import { assertLabelledImages } from '../images';
import type { Network } from '../network/resolve-network';
import type { TrainingBatch } from '../training-plan';
import { elementCount } from '../weights';
import type { Engine, OpenOptions, TrainableModel, UpdateSettings } from './engine';
import { supportsRates, supportsTraining } from './supports-training';

/** Whose model it is, for messages. */
interface Named {
  readonly adapter: string;
  readonly engine: Pick<Engine, 'id' | 'optimizers' | 'clipsGradients' | 'ratesByWeight'>;
}

/** @throws `INVALID_ARGUMENT` unless the engine takes such steps on the device */
export function assertLearnable(
  { adapter, engine }: Named,
  { optimizer, gradientClipping, rateFactors }: Omit<UpdateSettings, 'learningRate'>,
  { device }: Pick<OpenOptions, 'device'>,
): void {
  assertArgument(
    engine.optimizers.includes(optimizer.kind),
    `${adapter}:${engine.id} trains with ${engine.optimizers.join(', ')}, not with ${optimizer.kind}.`,
  );
  assertArgument(
    gradientClipping === undefined || engine.clipsGradients,
    `${adapter}:${engine.id} cannot clip gradients: leave gradientClipping out or choose another engine.`,
  );
  const rates = rateFactors === undefined || supportsRates(engine, device);
  assertArgument(
    rates === true,
    `${adapter}:${engine.id}: ${rates}. Leave headLearningRate out or choose another engine.`,
  );
}

/** Whether a fit writes or reads a checkpoint. */
export function needsSettings({ checkpoint, resumeFrom }: CnnFitOptions): boolean {
  return checkpoint !== undefined || resumeFrom !== undefined;
}

/** @throws `INVALID_ARGUMENT` where a checkpoint is asked for of a model that keeps none */
export function assertCheckpoints(
  { adapter, engine }: Named,
  { trainEpoch }: Pick<TrainableModel, 'trainEpoch'>,
  options: CnnFitOptions,
): void {
  assertArgument(
    !trainEpoch || !needsSettings(options),
    `${adapter}:${engine.id} trains in a process of its own and keeps no checkpoints: leave checkpoint and resumeFrom out.`,
  );
}

/** @throws `INVALID_ARGUMENT` unless `batch` is one of `network` */
export function assertBatch(
  { pixels, labels, masks, size }: TrainingBatch,
  network: Network,
): void {
  assertLabelledImages({ pixels, labels, count: size }, network, network.classCount);
  for (const [name, { shape }] of Object.entries(network.masks)) {
    const mask: unknown = masks[name];
    const length = size * elementCount(shape);
    assertArgument(
      mask instanceof Uint8Array && mask.length === length,
      `masks.${name} must be a Uint8Array of ${length} values, one for each image and value of the dropout node "${name}".`,
    );
  }
}

/** @throws `INVALID_ARGUMENT` where the engine lacks what training the last layers takes */
export function assertSplit(
  { adapter, engine }: Named & { readonly engine: Pick<Engine, 'supports'> },
  network: Network,
  { augmentation = 'none', train = 'all' }: CnnFitOptions,
): void {
  const support = supportsTraining(engine, network, train);
  assertArgument(
    support === true,
    `${adapter}:${engine.id} does not train ${train} of the network: ${support}. Choose another engine, or train all.`,
  );
  assertArgument(
    augmentation === 'none',
    `Where ${train} is trained, what the other layers compute of an image is computed once: leave augmentation out, or train all.`,
  );
}
