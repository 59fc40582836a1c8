import type { Network } from '../network/resolve-network';
import { splitNetwork, type TrainedLayers } from '../network/split-network';
import type { Device, Engine } from './engine';

/**
 * Whether `engine` trains these layers of `network`, or why not, naming the node: where some stay as they are, both parts are
 * networks of their own.
 *
 * @throws `INVALID_ARGUMENT` where `trained` says nothing that can be trained
 */
export function supportsTraining(
  engine: Pick<Engine, 'supports'>,
  network: Network,
  trained: TrainedLayers,
): true | string {
  const split = splitNetwork(network, trained);
  const parts = split ? [network, split.trunk, split.tail] : [network];
  for (const part of parts) {
    const support = engine.supports(part);
    if (support !== true) return support;
  }
  return true;
}

/** Whether `engine` moves weights at rates of their own on `device`, or that it does not. */
export function supportsRates(
  { ratesByWeight = [] }: Pick<Engine, 'ratesByWeight'>,
  device: Device,
): true | string {
  if (ratesByWeight.includes(device)) return true;
  const where = ratesByWeight.length > 0 ? ` on ${device}` : '';
  return `it moves all weights at one learning rate${where}`;
}
