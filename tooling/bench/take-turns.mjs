import { median, middleHalf, range } from './median.mjs';

/**
 * Has each contender compute `batches` batches in turn, in `rounds` rounds after one that does not count, and prints
 * medians and ranges of images per second, and how many times as fast the first contender is as each other: the
 * median of the rounds' ratios, with the range of their middle half.
 */
export async function takeTurns(contenders, { phase, batches, rounds, batchSize }) {
  const rates = new Map(contenders.map(({ name }) => [name, []]));
  for (let round = 0; round <= rounds; round++) {
    // Another one begins each round, so that nobody always follows the same one.
    const from = round % contenders.length;
    for (const { name, process: contender } of [
      ...contenders.slice(from),
      ...contenders.slice(0, from),
    ]) {
      const seconds = await contender.turn(phase, batches);
      if (round > 0) rates.get(name).push((batches * batchSize) / seconds);
    }
  }
  console.log(
    `\n${phase}, batches of ${batchSize}: images/s, medians and ranges of ${rounds} rounds`,
  );
  const [first, ...others] = contenders;
  console.table(
    contenders.map(({ name, threads }) => {
      const ratios = rates.get(name).map((rate, round) => rates.get(first.name)[round] / rate);
      return {
        name,
        threads,
        'images/s': median(rates.get(name)).toFixed(1),
        range: range(rates.get(name)),
        ...(others.length > 0 && {
          [`${first.name} is … times as fast`]:
            name === first.name ? '' : `${median(ratios).toFixed(3)} (${middleHalf(ratios)})`,
        }),
      };
    }),
  );
}
