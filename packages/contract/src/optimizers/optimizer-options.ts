import { assertArgument } from '../errors';

/** Stochastic gradient descent. */
export interface SgdOptions {
  /** Share of the last step's direction that is kept, 0 ≤ momentum < 1. Default 0. */
  readonly momentum?: number;
  /** Looks ahead along the momentum; needs one above 0. Default false. */
  readonly nesterov?: boolean;
  /** Added to each gradient times its weight (L2 regularisation). Default 0. */
  readonly weightDecay?: number;
}

/** Adam and AdamW. */
export interface AdamFamilyOptions {
  /** Decay of the first and second moment. Default [0.9, 0.999]. */
  readonly betas?: readonly [number, number];
  /** Added to the root of the second moment. Default 1e-8. */
  readonly epsilon?: number;
  /**
   * `adam`: added to each gradient times its weight (L2 regularisation), default 0. `adamW`: each
   * weight shrinks by this share times the learning rate, default 0.01.
   */
  readonly weightDecay?: number;
}

/** An optimiser with all its settings: what {@link sgd}, {@link adam} and {@link adamW} return. */
export type OptimizerSpec =
  | ({ readonly kind: 'sgd' } & Required<SgdOptions>)
  | ({ readonly kind: 'adam' | 'adamW' } & Required<AdamFamilyOptions>);

/**
 * Gradient descent, on its own or with (Nesterov's) momentum.
 *
 * Source: Sutskever et al. 2013, "On the importance of initialization and momentum in deep learning",
 * in the form of https://pytorch.org/docs/stable/generated/torch.optim.SGD.html
 *
 * @throws `INVALID_ARGUMENT`
 */
export function sgd(options: SgdOptions = {}): OptimizerSpec {
  const { momentum = 0, nesterov = false, weightDecay = 0 } = options;
  assertArgument(
    momentum >= 0 && momentum < 1,
    `sgd: momentum must be at least 0 and below 1, not ${momentum}.`,
  );
  assertArgument(
    !nesterov || momentum > 0,
    'sgd: nesterov looks ahead along the momentum. Set momentum, for example to 0.9.',
  );
  assertWeightDecay('sgd', weightDecay);
  return { kind: 'sgd', momentum, nesterov, weightDecay };
}

/**
 * Source: Kingma and Ba 2015, "Adam: a method for stochastic optimization".
 *
 * @throws `INVALID_ARGUMENT`
 */
export function adam(options: AdamFamilyOptions = {}): OptimizerSpec {
  return { kind: 'adam', ...resolveAdamFamily('adam', 0, options) };
}

/**
 * Adam with weight decay apart from the gradient.
 *
 * Source: Loshchilov and Hutter 2019, "Decoupled weight decay regularization".
 *
 * @throws `INVALID_ARGUMENT`
 */
export function adamW(options: AdamFamilyOptions = {}): OptimizerSpec {
  return { kind: 'adamW', ...resolveAdamFamily('adamW', 0.01, options) };
}

function resolveAdamFamily(
  kind: string,
  defaultWeightDecay: number,
  { betas = [0.9, 0.999], epsilon = 1e-8, weightDecay = defaultWeightDecay }: AdamFamilyOptions,
): Required<AdamFamilyOptions> {
  assertArgument(
    betas.length === 2 && betas.every((beta) => beta >= 0 && beta < 1),
    `${kind}: betas must be two numbers, each at least 0 and below 1, not ${betas.join(', ')}.`,
  );
  assertArgument(
    Number.isFinite(epsilon) && epsilon > 0,
    `${kind}: epsilon must be a number above 0, not ${epsilon}.`,
  );
  assertWeightDecay(kind, weightDecay);
  return { betas, epsilon, weightDecay };
}

function assertWeightDecay(kind: string, weightDecay: number): void {
  assertArgument(
    Number.isFinite(weightDecay) && weightDecay >= 0,
    `${kind}: weightDecay must be a number ≥ 0, not ${weightDecay}.`,
  );
}
