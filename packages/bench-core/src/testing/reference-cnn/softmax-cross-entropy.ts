/** exp(z[k]) / Σ exp(z), with the largest logit taken off first so that nothing overflows. */
export function softmax(logits: Float64Array): Float64Array {
  const largest = Math.max(...logits);
  const exponentials = logits.map((logit) => Math.exp(logit - largest));
  const sum = exponentials.reduce((total, value) => total + value, 0);
  return exponentials.map((value) => value / sum);
}

/** -log softmax(z)[label], and its gradient by z: softmax(z) - onehot(label). */
export function softmaxCrossEntropy(
  logits: Float64Array,
  label: number,
): { loss: number; logitGradient: Float64Array } {
  const largest = Math.max(...logits);
  const logSum = Math.log(logits.reduce((sum, logit) => sum + Math.exp(logit - largest), 0));
  const loss = largest + logSum - (logits[label] as number);
  const logitGradient = softmax(logits);
  (logitGradient[label] as number) -= 1;
  return { loss, logitGradient };
}
