import { median, range } from './median.mjs';

/**
 * Has each contender compute `batches` batches in turn, in `rounds` rounds after one that does not count, and prints
 * medians and ranges of images per second, and how many times as fast the first contender is as each other.
 */
export async function takeTurns(contenders, { phase, batches, rounds, threads, batchSize }) {
  const rates = new Map(contenders.map(({ name }) => [name, []]));
  for (let round = 0; round <= rounds; round++) {
    for (const { name, process: contender } of contenders) {
      const seconds = await contender.turn(phase, batches);
      if (round > 0) rates.get(name).push((batches * batchSize) / seconds);
    }
  }
  const [first] = rates.keys();
  const own = median(rates.get(first));
  console.log(
    `\n${phase}, ${threads} threads, batches of ${batchSize}: images/s, medians and ranges of ${rounds} rounds`,
  );
  console.table(
    [...rates].map(([name, values]) => ({
      name,
      'images/s': median(values).toFixed(1),
      range: range(values),
      [`${first} is … times as fast`]: name === first ? '' : (own / median(values)).toFixed(2),
    })),
  );
}
