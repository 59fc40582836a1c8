/**
 * Adam (Kingma and Ba 2015) in place, in one pass over memory: `stepSize` is learningRate / (1 - β1^t),
 * `rootScale` 1 / √(1 - β2^t), ε stands outside the corrected root as in PyTorch. `first` and `last`
 * bound the values to update.
 */
export function adam(
  weights: usize,
  gradients: usize,
  firstMoment: usize,
  secondMoment: usize,
  first: usize,
  last: usize,
  beta1: f32,
  beta2: f32,
  stepSize: f32,
  rootScale: f32,
  epsilon: f32,
): void {
  let i = first * 4;
  const end = last * 4;
  const vectorEnd = i + ((last - first) & ~3) * 4;
  for (; i < vectorEnd; i += 16) {
    const w = v128.load(weights + i);
    const g = v128.load(gradients + i);
    const m = f32x4.add(
      f32x4.mul(f32x4.splat(beta1), v128.load(firstMoment + i)),
      f32x4.mul(f32x4.splat(1 - beta1), g),
    );
    const v = f32x4.add(
      f32x4.mul(f32x4.splat(beta2), v128.load(secondMoment + i)),
      f32x4.mul(f32x4.splat(1 - beta2), f32x4.mul(g, g)),
    );
    const root = f32x4.mul(f32x4.sqrt(v), f32x4.splat(rootScale));
    const divisor = f32x4.add(root, f32x4.splat(epsilon));
    const change = f32x4.div(f32x4.mul(f32x4.splat(stepSize), m), divisor);
    v128.store(weights + i, f32x4.sub(w, change));
    v128.store(firstMoment + i, m);
    v128.store(secondMoment + i, v);
  }
  for (; i < end; i += 4) {
    const w = load<f32>(weights + i);
    const g = load<f32>(gradients + i);
    const m = beta1 * load<f32>(firstMoment + i) + (1 - beta1) * g;
    const v = beta2 * load<f32>(secondMoment + i) + (1 - beta2) * (g * g);
    const divisor = sqrt<f32>(v) * rootScale + epsilon;
    store<f32>(weights + i, w - (stepSize * m) / divisor);
    store<f32>(firstMoment + i, m);
    store<f32>(secondMoment + i, v);
  }
}
