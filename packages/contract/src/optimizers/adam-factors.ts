/** What Adam or AdamW is asked for, but for the learning rate. */
export interface AdamSettings {
  /** Default `adam`. */
  readonly kind?: 'adam' | 'adamW';
  readonly betas: readonly [number, number];
  readonly epsilon: number;
  /** Default 0. */
  readonly weightDecay?: number;
}

/** The numbers of one step of Adam or AdamW, bias corrections worked out. */
export interface AdamFactors {
  /** β₁ */
  readonly meanDecay: number;
  /** β₂ */
  readonly varianceDecay: number;
  /** learningRate / (1 - β₁ᵗ) */
  readonly stepSize: number;
  /** 1 / √(1 - β₂ᵗ), by which the root of the second moment is multiplied. */
  readonly rootScale: number;
  readonly epsilon: number;
  /** What is added to the gradient for each unit of weight (L2 regularisation); 0 for AdamW. */
  readonly gradientDecay: number;
  /** What the weight is multiplied by before its step (decoupled weight decay); 1 for Adam. */
  readonly shrink: number;
}

/**
 *     g ← gradient + gradientDecay · w
 *     mean ← β₁ · mean + (1 - β₁) · g
 *     variance ← β₂ · variance + (1 - β₂) · g²
 *     w ← shrink · w - stepSize · mean / (rootScale · √variance + ε)
 *
 * Source: Kingma and Ba 2015, "Adam: a method for stochastic optimization"; Loshchilov and Hutter 2019, "Decoupled weight
 * decay regularization".
 *
 * @param step from 1
 */
export function adamFactors(
  step: number,
  learningRate: number,
  { kind = 'adam', betas, epsilon, weightDecay = 0 }: AdamSettings,
): AdamFactors {
  const [meanDecay, varianceDecay] = betas;
  return {
    meanDecay,
    varianceDecay,
    stepSize: learningRate / (1 - meanDecay ** step),
    rootScale: 1 / Math.sqrt(1 - varianceDecay ** step),
    epsilon,
    gradientDecay: kind === 'adam' ? weightDecay : 0,
    shrink: kind === 'adamW' ? 1 - learningRate * weightDecay : 1,
  };
}

/**
 * The step of the same moments for kernels that leave the root as it is, as TensorFlow's do:
 *
 *     w ← w - rate · mean / (√variance + epsilon)
 */
export function plainRootFactors({
  stepSize,
  rootScale,
  epsilon,
}: Pick<AdamFactors, 'stepSize' | 'rootScale' | 'epsilon'>): {
  readonly rate: number;
  readonly epsilon: number;
} {
  return { rate: stepSize / rootScale, epsilon: epsilon / rootScale };
}
