import { median, range } from './median.mjs';

/**
 * Has each contender compute `batches` batches in turn, in `rounds` rounds after one that does not count, and prints
 * medians and ranges of images per second, and how many times as fast the first contender is as each other.
 */
export async function takeTurns(contenders, { phase, batches, rounds, batchSize }) {
  const rates = new Map(contenders.map(({ name }) => [name, []]));
  for (let round = 0; round <= rounds; round++) {
    for (const { name, process: contender } of contenders) {
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
      const [own, rate] = [first.name, name].map((each) => median(rates.get(each)));
      return {
        name,
        threads,
        'images/s': rate.toFixed(1),
        range: range(rates.get(name)),
        ...(others.length > 0 && {
          [`${first.name} is … times as fast`]: name === first.name ? '' : (own / rate).toFixed(2),
        }),
      };
    }),
  );
}
