/**
 * One step of Adam or AdamW in place, in one pass over memory, with ε outside the corrected root as in PyTorch. The factors
 * are the contract's `adamFactors`, which gives formula and sources; `gradientScale` multiplies each gradient first, as
 * clipping has it. `first` and `last` bound the values to update.
 */
export function adam(
  weights: usize,
  gradients: usize,
  firstMoment: usize,
  secondMoment: usize,
  first: usize,
  last: usize,
  gradientScale: f32,
  gradientDecay: f32,
  meanDecay: f32,
  varianceDecay: f32,
  stepSize: f32,
  rootScale: f32,
  epsilon: f32,
  shrink: f32,
): void {
  const clip = f32x4.splat(gradientScale);
  const decay = f32x4.splat(gradientDecay);
  const keep1 = f32x4.splat(meanDecay);
  const keep2 = f32x4.splat(varianceDecay);
  const gain1 = f32x4.splat(1 - meanDecay);
  const gain2 = f32x4.splat(1 - varianceDecay);
  const step = f32x4.splat(stepSize);
  const scale = f32x4.splat(rootScale);
  const floor = f32x4.splat(epsilon);
  const rest = f32x4.splat(shrink);
  let i = first * 4;
  const end = last * 4;
  const vectorEnd = i + ((last - first) & ~3) * 4;
  for (; i < vectorEnd; i += 16) {
    const w = v128.load(weights + i);
    const g = f32x4.add(f32x4.mul(clip, v128.load(gradients + i)), f32x4.mul(decay, w));
    const m = f32x4.add(f32x4.mul(keep1, v128.load(firstMoment + i)), f32x4.mul(gain1, g));
    const v = f32x4.add(
      f32x4.mul(keep2, v128.load(secondMoment + i)),
      f32x4.mul(gain2, f32x4.mul(g, g)),
    );
    const divisor = f32x4.add(f32x4.mul(f32x4.sqrt(v), scale), floor);
    const change = f32x4.div(f32x4.mul(step, m), divisor);
    v128.store(weights + i, f32x4.sub(f32x4.mul(rest, w), change));
    v128.store(firstMoment + i, m);
    v128.store(secondMoment + i, v);
  }
  for (; i < end; i += 4) {
    const w = load<f32>(weights + i);
    const g = gradientScale * load<f32>(gradients + i) + gradientDecay * w;
    const m = meanDecay * load<f32>(firstMoment + i) + (1 - meanDecay) * g;
    const v = varianceDecay * load<f32>(secondMoment + i) + (1 - varianceDecay) * (g * g);
    const divisor = sqrt<f32>(v) * rootScale + epsilon;
    store<f32>(weights + i, shrink * w - (stepSize * m) / divisor);
    store<f32>(firstMoment + i, m);
    store<f32>(secondMoment + i, v);
  }
}
