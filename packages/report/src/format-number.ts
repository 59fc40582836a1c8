import type { MetricDefinition } from '@dlcmp/bench-core/results';

/** `1,234.50`: thousands separated, a fixed number of `digits` after the point. */
export function formatNumber(value: number, digits = 0): string {
  return value.toLocaleString('en-US', {
    minimumFractionDigits: digits,
    maximumFractionDigits: digits,
  });
}

/** As {@link formatNumber}, but below 1 with as many digits as it takes for three that count. */
export function formatSignificant(value: number, digits: number): string {
  return formatNumber(value, significantDigits(value, digits));
}

/** A figure of `metric`, without its unit; a spread has the digits of the mean that it stands beside. */
export function formatFigure(value: number, metric: MetricDefinition, mean = value): string {
  const { unit, digits } = metric;
  return formatNumber(value, unit === '%' ? digits : significantDigits(mean, digits));
}

const UNITS = [
  ['s', 1],
  ['ms', 1e3],
  ['µs', 1e6],
] as const;

/** `1,234.50 s`, `4.20 ms`, `0.312 ms`, `7.00 µs`: a time in the unit that fits it. */
export function formatSeconds(seconds: number): string {
  const fitting = seconds === 0 ? UNITS[0] : UNITS.find(([, factor]) => seconds * factor >= 0.1);
  const [unit, factor] = fitting ?? UNITS[2];
  return `${formatSignificant(seconds * factor, 2)} ${unit}`;
}

function significantDigits(value: number, digits: number): number {
  const size = Math.abs(value);
  if (size === 0 || size >= 1 || !Number.isFinite(size)) return digits;
  return Math.min(20, Math.max(digits, 2 - Math.floor(Math.log10(size))));
}
