import type { ResolvedNode, Window } from '@dlcmp/contract';

export type ImageShape = readonly [channels: number, height: number, width: number];

/** Outputs of one row that see the image through one element of a window. */
export interface WindowRow {
  readonly kernelRow: number;
  readonly kernelColumn: number;
  /** First input and first output, within their planes. */
  readonly from: number;
  readonly to: number;
  readonly length: number;
  /** From one input to the next: the stride. */
  readonly step: number;
  readonly inputArea: number;
  readonly outputArea: number;
}

/** Visits each row of outputs for each element of the node's window, leaving out what lies in the padding. */
export function forEachWindowRow(node: ResolvedNode, visit: (row: WindowRow) => void): void {
  const window = node.window as Window;
  const [, height, width] = node.inputShapes[0] as ImageShape;
  const [, outputHeight, outputWidth] = node.outputShape as ImageShape;
  const [kernelRows, kernelColumns] = window.kernelSize;
  for (let kernelRow = 0; kernelRow < kernelRows; kernelRow++) {
    for (let kernelColumn = 0; kernelColumn < kernelColumns; kernelColumn++) {
      const left = kernelColumn * window.dilation[1] - window.padding.left;
      const step = window.stride[1];
      const first = Math.max(0, Math.ceil(-left / step));
      const end = Math.min(outputWidth, Math.floor((width - 1 - left) / step) + 1);
      if (end <= first) continue;
      for (let row = 0; row < outputHeight; row++) {
        const inputRow =
          row * window.stride[0] + kernelRow * window.dilation[0] - window.padding.top;
        if (inputRow < 0 || inputRow >= height) continue;
        visit({
          ...{ kernelRow, kernelColumn, step, length: end - first },
          from: inputRow * width + first * step + left,
          to: row * outputWidth + first,
          inputArea: height * width,
          outputArea: outputHeight * outputWidth,
        });
      }
    }
  }
}
