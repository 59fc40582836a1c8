import type { Device, ResolvedNode, Window } from '@dlcmp/contract';
import type { GraphBuilder, Value } from '../../onnx/graph-builder';
import { firstShape } from './graph-node';
import { convolutionAttributes, unreached, windowOf } from './window';

/** An input, and the window that is to go over it. */
interface PaddedInput {
  readonly input: Value;
  readonly window: Window;
}

const NO_PADDING = { top: 0, bottom: 0, left: 0, right: 0 };

/** CUDA's convolutions and pools pad opposite sides alike: uneven padding is laid round the input first there. */
export function padUneven(
  graph: GraphBuilder,
  device: Device,
  input: Value,
  window: Window,
): PaddedInput {
  if (!isUnevenFor(device, window)) return { input, window };
  const { top, bottom, left, right } = window.padding;
  const pads = graph.integers(0, 0, top, left, 0, 0, bottom, right);
  return { input: graph.node('Pad', [input, pads]), window: { ...window, padding: NO_PADDING } };
}

/** The way back through a node's window: the transposed convolution of `values`, of the size of the node's input. */
export function transposedConvolution(
  graph: GraphBuilder,
  device: Device,
  node: ResolvedNode,
  [values, kernel]: readonly [Value, Value],
  group = 1,
): Value {
  const window = windowOf(node);
  const uneven = isUnevenFor(device, window);
  const output = graph.node('ConvTranspose', [values, kernel], {
    ...convolutionAttributes(uneven ? { ...window, padding: NO_PADDING } : window),
    group,
    output_padding: unreached(node),
  });
  if (!uneven) return output;
  const [, height, width] = firstShape(node) as [number, number, number];
  const { top, left } = window.padding;
  const bounds = [
    [top, left],
    [top + height, left + width],
    [2, 3],
  ].map((numbers) => graph.integers(...numbers));
  return graph.node('Slice', [output, ...bounds]);
}

function isUnevenFor(device: Device, { padding }: Window): boolean {
  return device === 'cuda' && (padding.top !== padding.bottom || padding.left !== padding.right);
}
