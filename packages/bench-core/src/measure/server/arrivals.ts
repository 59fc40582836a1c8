import { createGenerator, nextUniform } from '@dlcmp/contract';

/**
 * When requests are due: a Poisson process, as requests of many users who do not know of one another come. The same seed gives the
 * same arrivals, at another rate the same ones closer together.
 *
 * Source: MLPerf Inference's scenario "server" (Reddi and others 2020, "MLPerf Inference benchmark").
 *
 * @param rate requests a second, on average
 * @returns milliseconds from the beginning, ascending, all within `seconds`
 */
export function poissonArrivals(seed: number, rate: number, seconds: number): Float64Array {
  const generator = createGenerator(seed, 'arrivals');
  const due: number[] = [];
  for (let at = 0; ; ) {
    // Gaps between arrivals are distributed exponentially, with mean 1 / rate.
    at += (-Math.log(1 - nextUniform(generator)) / rate) * 1000;
    if (at >= seconds * 1000) return Float64Array.from(due);
    due.push(at);
  }
}
