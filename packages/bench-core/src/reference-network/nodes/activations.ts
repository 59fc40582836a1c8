import type { ResolvedNode } from '@dlcmp/contract';
import type { ReferenceNode, Values } from '../reference-node';

/** A function of one number and its derivative. */
interface Activation {
  value(x: number, node: ResolvedNode): number;
  slope(x: number, node: ResolvedNode): number;
}

const sigmoidOf = (x: number) => 1 / (1 + Math.exp(-x));
const between = (x: number, low: number, high: number) => (x > low && x < high ? 1 : 0);
const clamp6 = (x: number) => Math.min(Math.max(x, 0), 6);

const ACTIVATIONS = {
  relu: { value: (x) => Math.max(x, 0), slope: (x) => (x > 0 ? 1 : 0) },
  relu6: { value: clamp6, slope: (x) => between(x, 0, 6) },
  leakyRelu: {
    value: (x, node) => (x > 0 ? x : x * slopeOf(node)),
    slope: (x, node) => (x > 0 ? 1 : slopeOf(node)),
  },
  sigmoid: { value: sigmoidOf, slope: (x) => sigmoidOf(x) * (1 - sigmoidOf(x)) },
  silu: {
    value: (x) => x * sigmoidOf(x),
    slope: (x) => sigmoidOf(x) * (1 + x * (1 - sigmoidOf(x))),
  },
  hardSwish: {
    value: (x) => (x * clamp6(x + 3)) / 6,
    slope: (x) => (clamp6(x + 3) + x * between(x, -3, 3)) / 6,
  },
  gelu: {
    value: (x, node) => (isTanh(node) ? x * tanhShare(x) : x * normalShare(x)),
    slope: (x, node) =>
      isTanh(node)
        ? tanhShare(x) + x * tanhSlope(x)
        : normalShare(x) + (x * Math.exp((-x * x) / 2)) / Math.sqrt(2 * Math.PI),
  },
} as const satisfies Record<string, Activation>;

const slopeOf = ({ options }: ResolvedNode) => options.negativeSlope as number;
const isTanh = ({ options }: ResolvedNode) => options.approximation === 'tanh';

/** Φ(x), the share of a normal distribution below x. */
function normalShare(x: number): number {
  return (1 + errorFunction(x / Math.SQRT2)) / 2;
}

/** (1 + tanh(√(2/π) · (x + 0.044715 x³))) / 2: Hendrycks and Gimpel 2016, "Gaussian error linear units". */
function tanhShare(x: number): number {
  return (1 + Math.tanh(Math.sqrt(2 / Math.PI) * (x + 0.044715 * x ** 3))) / 2;
}

function tanhSlope(x: number): number {
  const inner = Math.sqrt(2 / Math.PI) * (1 + 3 * 0.044715 * x * x);
  return 2 * tanhShare(x) * (1 - tanhShare(x)) * inner;
}

/** Where the continued fraction converges faster than the series. */
const SERIES_LIMIT = 3;

/**
 * erf(x) to the precision of float64: its power series near 0, Legendre's continued fraction of erfc beyond.
 *
 * Source: Abramowitz and Stegun 1964, 7.1.6 and 7.1.14.
 */
function errorFunction(x: number): number {
  const size = Math.abs(x);
  if (size > SERIES_LIMIT) {
    let fraction = 0;
    for (let k = 60; k >= 1; k--) fraction = k / 2 / (size + fraction);
    const beyond = Math.exp(-size * size) / (Math.sqrt(Math.PI) * (size + fraction));
    return Math.sign(x) * (1 - beyond);
  }
  let term = x;
  let sum = x;
  for (let n = 1; Math.abs(term) > 1e-17 * Math.abs(sum); n++) {
    term *= (2 * x * x) / (2 * n + 1);
    sum += term;
  }
  return (2 / Math.sqrt(Math.PI)) * Math.exp(-x * x) * sum;
}

function elementwise({ value, slope }: Activation): ReferenceNode {
  return (node, [input]) => {
    const x = input as Values;
    return {
      output: x.map((item) => value(item, node)),
      backward: (gradient) => [gradient.map((item, at) => item * slope(x[at] as number, node))],
    };
  };
}

/** Each activation by its node's type. */
export const activations = Object.fromEntries(
  Object.entries(ACTIVATIONS).map(([type, activation]) => [type, elementwise(activation)]),
) as Record<keyof typeof ACTIVATIONS, ReferenceNode>;
