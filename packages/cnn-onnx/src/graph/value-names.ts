/** Name of the graphs' class input, [batch] int32. */
export const LABELS = 'labels';

/** Name of the input that says how many images are in the batch, a float32 scalar. */
export const BATCH_SIZE = 'batchSize';

/** Name of the graphs' loss output, a scalar. */
export const LOSS = 'loss';

/** Name of the output that holds the gradients' global norm, where they are clipped. */
export const GRADIENT_NORM = 'gradientNorm';

/** Name of the input that holds the mask of the dropout node called `node`. */
export function maskName(node: string): string {
  return `${node}.mask`;
}

/** Name of the output that holds the gradient of `weight`. */
export function gradientName(weight: string): string {
  return `${weight}.gradient`;
}

/** Name of the output that replaces the weight, moment or state called `value`. */
export function nextName(value: string): string {
  return `${value}.next`;
}
