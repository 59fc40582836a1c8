import { splitNetwork } from '../blocks/split-network';
import type { Layer } from '../layers/layer';
import { type Network, sequential } from '../layers/sequential';
import type { FrontSizes } from './inference-network';

/** A network as the front that {@link InferenceNetwork} computes, and the layers behind. */
export interface InferenceSplit {
  readonly front: FrontSizes;
  /** Takes the front's dense layer's values. */
  readonly tail: Network;
}

/** Splits a network that begins with blocks, a flattening and a dense layer, and does not end there. */
export function splitForInference(network: Network): InferenceSplit | undefined {
  const { blocks, head } = splitNetwork(network);
  const [flatten, dense, ...rest] = head.layers.map(({ layer }): Layer => layer);
  const isFront =
    blocks.length > 0 &&
    flatten?.description.type === 'flatten' &&
    dense?.description.type === 'dense' &&
    rest.length > 0;
  if (!isFront) return undefined;
  const name = dense.description.name as string;
  const units = dense.description.units as number;
  return { front: { blocks, dense: { name, units } }, tail: sequential([units], rest) };
}
