import type { Network, NodeType, SampleShape } from '@dlcmp/contract';

/** Nodes that don't mind in what order values come, as long as their masks come in the same. */
const ORDERLESS: readonly NodeType[] = [
  ...(['relu', 'relu6', 'leakyRelu', 'silu', 'hardSwish', 'gelu', 'sigmoid'] as const),
  'dropout',
];

/** By name, nodes whose one axis holds an image [channels, height, width] in height, width, channel order. */
export type ImageOrders = ReadonlyMap<string, SampleShape>;

/**
 * Where a flattened image can stay in the order it has in memory: all that reads it are dense layers, at once or behind
 * {@link ORDERLESS} nodes, and those have the rows of their matrices in that order instead.
 */
export function imageOrders({ nodes }: Pick<Network, 'nodes'>): ImageOrders {
  const readersOf = (name: string) => nodes.filter(({ inputs }) => inputs.includes(name));
  const leadsToDense = (name: string): boolean => {
    const readers = readersOf(name);
    return (
      readers.length > 0 &&
      readers.every(
        (reader) =>
          reader.type === 'dense' || (ORDERLESS.includes(reader.type) && leadsToDense(reader.name)),
      )
    );
  };
  const orders = new Map<string, SampleShape>();
  for (const { name, type, inputs, inputShapes } of nodes) {
    const shape = inputShapes[0] as SampleShape;
    const order = orders.get(inputs[0] as string);
    if (type === 'flatten' && hasOrder(shape) && leadsToDense(name)) orders.set(name, shape);
    else if (order && ORDERLESS.includes(type)) orders.set(name, order);
  }
  return orders;
}

/** Whether an image of `shape` has more than one pixel. */
function hasOrder({ length, 1: height = 1, 2: width = 1 }: SampleShape): boolean {
  return length === 3 && height * width > 1;
}

/**
 * Masks in the order of the values they are for.
 *
 * @param masks by the dropout node's name, as the contract has them: channel, height, width
 */
export function orderMasks(
  { nodes, masks: shapes }: Pick<Network, 'nodes' | 'masks'>,
  orders: ImageOrders,
  masks: Readonly<Record<string, Uint8Array>>,
): Readonly<Record<string, Uint8Array>> {
  const ordered = nodes.flatMap(({ name, inputs }) => {
    const mask = masks[name];
    if (!mask || !shapes[name]) return [];
    const shape = orders.get(inputs[0] as string) ?? shapes[name].shape;
    return [[name, hasOrder(shape) ? channelsLast(mask, shape) : mask] as const];
  });
  return Object.fromEntries(ordered);
}

/** [count, channels, pixels] to [count, pixels, channels]. */
function channelsLast(mask: Uint8Array, [channels = 1, height = 1, width = 1]: SampleShape) {
  const pixels = height * width;
  const size = channels * pixels;
  const moved = new Uint8Array(mask.length);
  for (let image = 0; image < mask.length; image += size) {
    for (let channel = 0; channel < channels; channel++) {
      for (let pixel = 0; pixel < pixels; pixel++) {
        moved[image + pixel * channels + channel] = mask[
          image + channel * pixels + pixel
        ] as number;
      }
    }
  }
  return moved;
}
