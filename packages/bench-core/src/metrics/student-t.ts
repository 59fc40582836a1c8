/**
 * The t with `probability` of Student's distribution between −t and t, for a whole number of degrees
 * of freedom: found by bisection on θ = arctan(t/√ν), in which the distribution is monotonic.
 */
export function studentTQuantile(degreesOfFreedom: number, probability = 0.95): number {
  const key = `${degreesOfFreedom} ${probability}`;
  const known = quantiles.get(key) ?? bisect(degreesOfFreedom, probability);
  quantiles.set(key, known);
  return known;
}

/** A report asks for the same few again and again. */
const quantiles = new Map<string, number>();

function bisect(degreesOfFreedom: number, probability: number): number {
  let low = 0;
  let high = Math.PI / 2;
  for (let halvings = 0; halvings < 60; halvings++) {
    const middle = (low + high) / 2;
    if (centralProbability(middle, degreesOfFreedom) < probability) low = middle;
    else high = middle;
  }
  return Math.sqrt(degreesOfFreedom) * Math.tan(low);
}

/** P(|T| ≥ |t|): the two-sided p-value of a t statistic; 0 for an infinite one. */
export function studentTPValue(t: number, degreesOfFreedom: number): number {
  const theta = Math.atan(Math.abs(t) / Math.sqrt(degreesOfFreedom));
  return Math.max(0, 1 - centralProbability(theta, degreesOfFreedom));
}

/** P(|T| ≤ √ν tan θ), the finite sums of Abramowitz and Stegun 26.7.3 (odd ν) and 26.7.4 (even ν). */
function centralProbability(theta: number, degreesOfFreedom: number): number {
  const cosine = Math.cos(theta);
  const isOdd = degreesOfFreedom % 2 === 1;
  let term = isOdd ? cosine : 1;
  let sum = degreesOfFreedom === 1 ? 0 : term;
  for (let k = isOdd ? 3 : 2; k < degreesOfFreedom; k += 2) {
    term *= ((k - 1) / k) * cosine ** 2;
    sum += term;
  }
  return isOdd ? (2 / Math.PI) * (theta + Math.sin(theta) * sum) : Math.sin(theta) * sum;
}
