import type { ResolvedNode, Window } from '@dlcmp/contract';
import { addProducts, transpose } from '../matrix-products';
import type { ReferenceNode, Values } from '../reference-node';
import { forEachWindowRow, type ImageShape, type WindowRow } from '../window-rows';

/**
 * Convolution with `x` zero outside the image, g the group that output channel o is of:
 *
 *     y[n,o,i,j]  = b[o] + Σ(c,p,q) w[o,c,p,q] · x[n, g·C + c, s·i + d·p - top, s·j + d·q - left]
 *     ∂w[o,c,p,q] = Σ(n,i,j) ∂y[n,o,i,j] · x[…],   ∂x[…] += w[o,c,p,q] · ∂y[n,o,i,j],   ∂b[o] = Σ ∂y[n,o,i,j]
 *
 * With the windows of a group's channels as rows of a matrix X (im2col), a row for each c, p, q, these are matrix products:
 * Y = W X + b, ∂W = ∂Y Xᵀ, ∂X = Wᵀ ∂Y.
 */
export const conv2d: ReferenceNode = (node, [input], { size, parameter }) => {
  const x = input as Values;
  const weight = parameter('weight');
  const bias = parameter('bias');
  if (!weight) throw new Error(`${node.name} has no weight.`);
  const shape = groupShape(node);
  const { outputs, taps, area } = shape;
  const output = new Float64Array(size * shape.groups * outputs * area);
  forEachGroup(shape, size, ({ of, inputAt, outputs: own, weights }) => {
    const windows = transpose(gatherWindows(shape, x, inputAt), taps, area);
    const y = of(output, own);
    for (let channel = 0; bias && channel < outputs; channel++) {
      y.fill(bias.value[own.channel + channel] as number, channel * area, (channel + 1) * area);
    }
    addProducts(of(weight.value, weights), windows, y, {
      rows: outputs,
      columns: area,
      depth: taps,
    });
  });
  return {
    output,
    backward(gradient) {
      const inputGradient = new Float64Array(x.length);
      forEachGroup(shape, size, ({ of, inputAt, outputs: own, weights }) => {
        const dy = of(gradient, own);
        if (bias) {
          dy.forEach((value, at) => {
            (bias.gradient[own.channel + Math.floor(at / area)] as number) += value;
          });
        }
        const windows = gatherWindows(shape, x, inputAt);
        const dw = of(weight.gradient, weights);
        addProducts(dy, windows, dw, { rows: outputs, columns: taps, depth: area });
        const dx = new Float64Array(taps * area);
        const transposedWeights = transpose(of(weight.value, weights), outputs, taps);
        const transposedGradient = transpose(dy, outputs, area);
        addProducts(transposedWeights, transposedGradient, dx, {
          rows: taps,
          columns: area,
          depth: outputs,
        });
        scatterWindows(shape, dx, inputGradient, inputAt);
      });
      return [inputGradient];
    },
  };
};

interface GroupShape {
  readonly groups: number;
  /** Input and output channels of a group. */
  readonly inputs: number;
  readonly outputs: number;
  /** Values of a window: channels × rows × columns. */
  readonly taps: number;
  /** Pixels of an output plane, and of an input plane. */
  readonly area: number;
  readonly inputArea: number;
  readonly columns: number;
  readonly elements: number;
  readonly windowRows: readonly WindowRow[];
}

function groupShape(node: ResolvedNode): GroupShape {
  const [channels, inputHeight, inputWidth] = node.inputShapes[0] as ImageShape;
  const [outputs, height, width] = node.outputShape as ImageShape;
  const groups = node.options.groups as number;
  const [rows, columns] = (node.window as Window).kernelSize;
  const windowRows: WindowRow[] = [];
  forEachWindowRow(node, (row) => windowRows.push(row));
  return {
    ...{ groups, columns, windowRows, elements: rows * columns },
    inputs: channels / groups,
    outputs: outputs / groups,
    taps: (channels / groups) * rows * columns,
    area: height * width,
    inputArea: inputHeight * inputWidth,
  };
}

interface Slice {
  readonly from: number;
  readonly length: number;
}

interface ImageGroup {
  readonly inputAt: number;
  readonly outputs: Slice & { readonly channel: number };
  readonly weights: Slice;
  of(values: Values, slice: Slice): Values;
}

/** Visits each group of channels of each image. */
function forEachGroup(shape: GroupShape, size: number, visit: (group: ImageGroup) => void): void {
  const { groups, inputs, outputs, taps, area, inputArea } = shape;
  const of = (values: Values, { from, length }: Slice) => values.subarray(from, from + length);
  for (let at = 0; at < size * groups; at++) {
    const channel = (at % groups) * outputs;
    visit({
      of,
      inputAt: at * inputs * inputArea,
      outputs: { from: at * outputs * area, length: outputs * area, channel },
      weights: { from: channel * taps, length: outputs * taps },
    });
  }
}

/** The group's windows whose image begins at `inputAt`: [taps × area], zero outside the image. */
function gatherWindows(shape: GroupShape, x: Values, inputAt: number): Values {
  const windows = new Float64Array(shape.taps * shape.area);
  forEachPixel(shape, inputAt, (tap, pixel) => {
    windows[tap] = x[pixel] as number;
  });
  return windows;
}

/** Adds each window's values where {@link gatherWindows} took them from. */
function scatterWindows(shape: GroupShape, windows: Values, x: Values, inputAt: number): void {
  forEachPixel(shape, inputAt, (tap, pixel) => {
    (x[pixel] as number) += windows[tap] as number;
  });
}

function forEachPixel(
  { inputs, elements, columns, area, inputArea, windowRows }: GroupShape,
  inputAt: number,
  visit: (tap: number, pixel: number) => void,
): void {
  for (const { kernelRow, kernelColumn, from, to, length, step } of windowRows) {
    const element = kernelRow * columns + kernelColumn;
    for (let channel = 0; channel < inputs; channel++) {
      const tap = (channel * elements + element) * area + to;
      const pixel = inputAt + channel * inputArea + from;
      for (let i = 0; i < length; i++) visit(tap + i, pixel + i * step);
    }
  }
}
