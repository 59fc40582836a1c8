import type { ResolvedNode, Window } from '@dlcmp/contract';
import type { Attributes } from '../../onnx/graph-builder';
import { firstShape } from './graph-node';

/** The window of a convolution or a pool. */
export function windowOf(node: ResolvedNode): Window {
  return node.window as Window;
}

/** `window` as ONNX's convolutions take it. */
export function convolutionAttributes({ dilation, ...window }: Window): Attributes {
  return { ...poolAttributes(window), dilations: dilation };
}

/** `window` as ONNX's pools take it. */
export function poolAttributes({
  kernelSize,
  stride,
  padding: { top, bottom, left, right },
}: Pick<Window, 'kernelSize' | 'stride' | 'padding'>): Attributes {
  return { kernel_shape: kernelSize, strides: stride, pads: [top, left, bottom, right] };
}

/**
 * Rows and columns at the end of a node's input that its window never reached: `output_padding` of the transposed
 * convolution that leads back to the input's size.
 */
export function unreached(node: ResolvedNode): readonly [number, number] {
  const { kernelSize, stride, dilation, padding } = windowOf(node);
  const [, height, width] = firstShape(node) as [number, number, number];
  const [, rows, columns] = node.outputShape as [number, number, number];
  const rest = (side: number, count: number, axis: 0 | 1) =>
    side - (kernelSize[axis] - 1) * dilation[axis] - 1 - (count - 1) * stride[axis];
  return [
    rest(height + padding.top + padding.bottom, rows, 0),
    rest(width + padding.left + padding.right, columns, 1),
  ];
}
