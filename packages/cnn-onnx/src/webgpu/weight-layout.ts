import { elementCount, type Weights, type WeightTensor } from '@dlcmp/contract';
import type { NetworkSizes } from '../devices/network-sizes';
import { blockLayout } from './sizes';

const TAPS = 9;

/** The weight that lies in a tensor of its own; all others lie in one, one after the other. */
export const LARGE = 'fc1.weight';

/** Where a value of the device's tensors comes from in the contract's: `source(index)`, -1 for a value that is filled up. */
interface Placement {
  readonly shape: readonly number[];
  source(index: number): number;
}

/** Shapes on the device by the weights' names, in the order in which they lie. */
export interface WeightLayout {
  readonly shapes: Readonly<Record<string, readonly number[]>>;
  /** Start of each in the packed tensor, of all but the large one. */
  readonly offsets: Readonly<Record<string, number>>;
  readonly packedLength: number;
  /** Values in the device's order. */
  pack(weights: Weights): { readonly large: Float32Array; readonly packed: Float32Array };
  /** Values in the contract's order and shapes. */
  unpack(large: Float32Array, packed: Float32Array): Weights;
}

export function weightLayout(sizes: NetworkSizes): WeightLayout {
  const placements = weightPlacements(sizes);
  const shapes = Object.fromEntries(
    Object.entries(placements).map(([name, { shape }]) => [name, shape]),
  );
  const offsets: Record<string, number> = {};
  let packedLength = 0;
  for (const [name, shape] of Object.entries(shapes)) {
    if (name === LARGE) continue;
    offsets[name] = packedLength;
    packedLength += elementCount(shape);
  }
  const part = (name: string, large: Float32Array, packed: Float32Array) => {
    const start = offsets[name] ?? 0;
    const array = name === LARGE ? large : packed;
    return array.subarray(start, start + elementCount(shapes[name] as readonly number[]));
  };
  const each = (visit: (name: string, placement: Placement) => void) => {
    for (const [name, placement] of Object.entries(placements)) visit(name, placement);
  };
  return {
    ...{ shapes, offsets, packedLength },
    pack(weights) {
      const large = new Float32Array(elementCount(shapes[LARGE] as readonly number[]));
      const packed = new Float32Array(packedLength);
      each((name, { source }) => {
        const { data } = weights[name] as WeightTensor;
        const values = part(name, large, packed);
        for (let index = 0; index < values.length; index++) {
          values[index] = data[source(index)] ?? 0;
        }
      });
      return { large, packed };
    },
    unpack(large, packed) {
      const weights: Record<string, WeightTensor> = {};
      each((name, { source }) => {
        const shape = sizes.weights[name] as readonly number[];
        const data = new Float32Array(elementCount(shape));
        part(name, large, packed).forEach((value, index) => {
          data[source(index)] = value;
        });
        weights[name] = { shape, data };
      });
      return weights;
    },
  };
}

function weightPlacements(sizes: NetworkSizes): Record<string, Placement> {
  const { blocks, features, hiddenUnits, classes } = sizes;
  const placements: Record<string, Placement> = {};
  for (const block of blocks) {
    const { name, inputs, outputs } = block;
    placements[`${name}.weight`] = kernelPlacement(
      inputs,
      blockLayout(block).filledInputs,
      outputs,
    );
    placements[`${name}.bias`] = asItIs([outputs]);
  }
  const channels = blocks.at(-1)?.outputs ?? 1;
  placements['fc1.weight'] = {
    shape: [features, hiddenUnits],
    source: (index) => {
      const [row, unit] = [Math.floor(index / hiddenUnits), index % hiddenUnits];
      const [place, channel] = [Math.floor(row / channels), row % channels];
      return unit * features + channel * (features / channels) + place;
    },
  };
  placements['fc1.bias'] = asItIs([hiddenUnits]);
  placements['fc2.weight'] = {
    shape: [hiddenUnits, classes],
    source: (index) => (index % classes) * hiddenUnits + Math.floor(index / classes),
  };
  placements['fc2.bias'] = asItIs([classes]);
  return placements;
}

/** [output, input, row, column] becomes [tap · input, output]. */
function kernelPlacement(inputs: number, filledInputs: number, outputs: number): Placement {
  return {
    shape: [TAPS * filledInputs, outputs],
    source: (index) => {
      const [row, output] = [Math.floor(index / outputs), index % outputs];
      const [tap, input] = [Math.floor(row / filledInputs), row % filledInputs];
      return input < inputs ? (output * inputs + input) * TAPS + tap : -1;
    },
  };
}

function asItIs(shape: readonly number[]): Placement {
  return { shape, source: (index) => index };
}
