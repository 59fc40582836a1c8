/**
 * One step of gradient descent in place, in one pass over memory:
 *
 *     g ← gradientScale · gradient + weightDecay · w
 *     velocity ← momentum · velocity + g
 *     w ← w - learningRate · (direct · g + along · velocity)
 *
 * Momentum has `direct` 0 and `along` 1; Nesterov's 1 and `momentum`; without momentum `velocity` is 0, no address, and
 * `direct` 1. `first` and `last` bound the values to update.
 *
 * Source: https://pytorch.org/docs/stable/generated/torch.optim.SGD.html
 */
export function sgd(
  weights: usize,
  gradients: usize,
  velocity: usize,
  first: usize,
  last: usize,
  gradientScale: f32,
  weightDecay: f32,
  momentum: f32,
  direct: f32,
  along: f32,
  learningRate: f32,
): void {
  const clip = f32x4.splat(gradientScale);
  const decay = f32x4.splat(weightDecay);
  const keep = f32x4.splat(momentum);
  const own = f32x4.splat(direct);
  const kept = f32x4.splat(along);
  const rate = f32x4.splat(learningRate);
  let i = first * 4;
  const end = last * 4;
  const vectorEnd = i + ((last - first) & ~3) * 4;
  for (; i < vectorEnd; i += 16) {
    const w = v128.load(weights + i);
    const g = f32x4.add(f32x4.mul(clip, v128.load(gradients + i)), f32x4.mul(decay, w));
    let direction = f32x4.mul(own, g);
    if (velocity !== 0) {
      const v = f32x4.add(f32x4.mul(keep, v128.load(velocity + i)), g);
      v128.store(velocity + i, v);
      direction = f32x4.add(direction, f32x4.mul(kept, v));
    }
    v128.store(weights + i, f32x4.sub(w, f32x4.mul(rate, direction)));
  }
  for (; i < end; i += 4) {
    const w = load<f32>(weights + i);
    const g = gradientScale * load<f32>(gradients + i) + weightDecay * w;
    let direction = direct * g;
    if (velocity !== 0) {
      const v = momentum * load<f32>(velocity + i) + g;
      store<f32>(velocity + i, v);
      direction += along * v;
    }
    store<f32>(weights + i, w - learningRate * direction);
  }
}
