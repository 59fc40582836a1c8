import { describe, expect, it } from '@jest/globals';
import { mergeResults } from '../../src/merge/merge-results';
import { compareAdapters } from '../../src/metrics/compare-adapters';
import type { BenchResults } from '../../src/results/bench-results';
import { exampleStudy, trialOf } from './example-study';

function parts(...all: BenchResults[]) {
  return all.map((results, index) => ({ directory: `part-${index + 1}`, results }));
}

function shards(count: number, machineOf = (_: number) => 'node1') {
  return Array.from({ length: count }, (_, at) =>
    exampleStudy({ shard: { index: at + 1, count }, machine: machineOf(at + 1) }),
  );
}

/** Without what a clock says. */
function timeless(results: BenchResults): unknown {
  return JSON.parse(
    JSON.stringify(results, (key, value) =>
      /Seconds$|PerSecond$|^startedAt$/.test(key) ? undefined : value,
    ),
  );
}

describe('mergeResults', () => {
  it('makes of three shards what an unbroken run is, whatever their order', () => {
    const [one, two, three] = shards(3) as [BenchResults, BenchResults, BenchResults];
    const whole = timeless(exampleStudy());
    expect(timeless(mergeResults(parts(three, one, two), 'all').results)).toEqual(whole);
    expect(mergeResults(parts(one, two, three), 'all')).toMatchObject({
      missing: [],
      repeated: [],
    });
  });

  it('joins more seeds and more contenders', () => {
    const seeds = exampleStudy({ seeds: [1, 2, 6] });
    const contender = exampleStudy({ seeds: [1, 2, 6], adapters: ['cnn-d'] });
    const { results, missing } = mergeResults(parts(exampleStudy(), seeds, contender), 'all');
    expect(results.configuration.seeds).toEqual([1, 2, 3, 4, 5, 6]);
    expect(results.trials).toHaveLength(3 * 6 + 3);
    expect(missing.map(({ seed, contenders }) => [seed, contenders])).toEqual([
      [3, ['Fake (CNN) (cnn-d:cpu)']],
      [4, ['Fake (CNN) (cnn-d:cpu)']],
      [5, ['Fake (CNN) (cnn-d:cpu)']],
    ]);
  });

  it('keeps of a block that ran twice the one that was completed first', () => {
    const first = exampleStudy({ shard: { index: 2, count: 5 }, machine: 'node1' });
    const second = exampleStudy({ shard: { index: 2, count: 5 }, machine: 'node2' });
    const { results, repeated } = mergeResults(parts(second, first), 'all');
    expect(results.trials).toEqual(first.trials);
    expect(repeated).toEqual([{ seed: 2, kept: 'part-2', dropped: ['part-1'] }]);
  });

  it('prefers a whole block to an earlier one that broke off on another machine', () => {
    const shard = { index: 1, count: 5 };
    const whole = exampleStudy({ shard, machine: 'node2' });
    const broken = exampleStudy({ shard, machine: 'node1' });
    const { results } = mergeResults(
      parts({ ...broken, trials: broken.trials.slice(0, 2) }, whole),
      'all',
    );
    expect(results.trials.map(({ machine }) => machine)).toEqual(['node2', 'node2', 'node2']);
  });

  it('names what is missing with the command that runs it', () => {
    const [one, two] = shards(5) as [BenchResults, BenchResults];
    const broken = { ...two, trials: two.trials.slice(0, 1) };
    const { missing } = mergeResults(parts(one, broken), 'all');
    expect(missing.map(({ seed, command }) => [seed, command])).toEqual([
      [2, "dlcmp bench --data 'my photos' --seeds 5 --shard 2/5 --out part-2 --resume"],
      ...[3, 4, 5].map((seed) => [
        seed,
        `dlcmp bench --data 'my photos' --seeds 5 --shard ${seed}/5 --out all-block-${seed}-of-5`,
      ]),
    ]);
  });

  it('pairs contenders on one machine alone, over all machines', () => {
    const slow = (index: number) => 1 + (index - 1) * 3;
    const merged = mergeResults(
      parts(
        ...shards(5, (index) => `node${index}`).map((shard, at) => ({
          ...shard,
          trials: shard.trials.map((trial) => ({
            ...trial,
            // The same ratio on each machine, and machines that differ by a factor of 13.
            trainSeconds: slow(at + 1) * (trial.adapter === 'cnn-b' ? 20 : 10) * (1 + 0.01 * at),
          })),
        })),
      ),
      'all',
    );
    const pair = compareAdapters(merged.results).find(
      ({ left, right }) => left.adapter === 'cnn-a' && right.adapter === 'cnn-b',
    );
    const time = pair?.times.find(({ metric }) => metric === 'trainSeconds');
    expect(time?.ratio).toBeCloseTo(0.5, 6);
    expect(time?.high).toBeCloseTo(0.5, 6);
  });

  it('never pairs trials of one seed that ran on two machines', () => {
    const study = exampleStudy({ seeds: [1, 2, 3], adapters: ['cnn-a', 'cnn-b'] });
    const apart = study.trials.map((trial) =>
      trial.adapter === 'cnn-a' ? trial : { ...trial, machine: 'node2' },
    );
    expect(compareAdapters({ ...study, trials: apart })).toEqual([]);
    expect(compareAdapters(study)).toHaveLength(1);
  });
});

describe('mergeResults refuses', () => {
  const change = (edit: (study: BenchResults) => Partial<BenchResults>) => {
    const other = exampleStudy({ shard: { index: 2, count: 2 } });
    return { ...other, ...edit(other) };
  };
  const configuration = (edit: Partial<BenchResults['configuration']>) =>
    change((study) => ({ configuration: { ...study.configuration, ...edit } }));
  const trials = (edit: object) =>
    change((study) => ({ trials: study.trials.map((trial) => ({ ...trial, ...edit })) }));
  const network = { ...exampleStudy().configuration.network, name: 'another' };
  const computedBy = [{ part: 'convolution', by: 'dlcmp', what: 'Winograd' }] as const;

  it.each([
    [
      'other images',
      change(({ dataset }) => ({ dataset: { ...dataset, fingerprint: 'sha256:1' } })),
      /part-2 is not of the same study as part-1: the images are not the same/,
    ],
    [
      'another number of epochs',
      configuration({ epochs: 7 }),
      /epochs is 1 in the one and 7 in the other/,
    ],
    ['another network', configuration({ network }), /network differs/],
    ['another track', configuration({ track: 'defaults' }), /track is parity .* defaults/],
    ['other threads', configuration({ threads: 64 }), /threads is 2 .* 64 .*--threads/],
    [
      'another version of a library',
      trials({ versions: { fake: '2.0.0' } }),
      /cnn-[abc]:cpu: fake is 1\.0\.0 .* 2\.0\.0/,
    ],
    ['other parts computed by dlcmp', trials({ computedBy }), /cnn-[abc]:cpu: who computes what/],
    [
      'another dlcmp',
      change(() => ({ command: { version: '2.0.0', options: [] } })),
      /dlcmp is 1\.0\.0 .* 2\.0\.0/,
    ],
    [
      'another Node.js',
      change(({ machine }) => ({ machine: { ...machine, nodeVersion: '24.0.0' }, machines: [] })),
      /Node\.js is 20\.9\.0 .* 24\.0\.0/,
    ],
    [
      'another order of the classes',
      change(({ dataset }) => ({
        dataset: { ...dataset, classNames: dataset.classNames.toReversed() },
      })),
      /the images are not the same/,
    ],
    [
      'another machine of the same name',
      change(({ machine }) => ({ machine: { ...machine, cpuModel: 'Another' }, machines: [] })),
      /the machine node1 is .* Another in the other \(name two machines by --machine\)/,
    ],
    ['a seed of another study', trials({ seed: 77 }), /part-2 holds a trial of seed 77/],
  ])('%s', (_, other, message) => {
    const first = exampleStudy({ shard: { index: 1, count: 2 } });
    expect(() => mergeResults(parts(first, other), 'all')).toThrow(message);
    expect(() => mergeResults(parts(first), 'all')).not.toThrow();
  });

  it('a contender of other versions, of which the first part knows nothing', () => {
    const [first, second, third] = ['cnn-a', 'cnn-b', 'cnn-b'].map((adapter) =>
      exampleStudy({ adapters: [adapter] }),
    ) as [BenchResults, BenchResults, BenchResults];
    const later = third.trials.map((trial) => ({ ...trial, versions: { fake: '2.0.0' } }));
    expect(() => mergeResults(parts(first, second, { ...third, trials: later }), 'all')).toThrow(
      /part-3 is not of the same study as part-2: cnn-b:cpu: fake is 1\.0\.0 .* 2\.0\.0/,
    );
  });

  it('contenders of one seed on two machines', () => {
    const here = exampleStudy({ adapters: ['cnn-a'] });
    const there = exampleStudy({ adapters: ['cnn-b'], machine: 'node2' });
    expect(() => mergeResults(parts(here, there), 'all')).toThrow(
      /Seed 1 ran on two machines: cnn-a:cpu on node1, cnn-b:cpu on node2 \(part-1 and part-2\)/,
    );
  });

  it('another drawing of --limit, and says why', () => {
    const seed = change((study) => ({
      configuration: { ...study.configuration, seeds: [4] },
      dataset: { ...study.dataset, fingerprint: 'sha256:1' },
      trials: [trialOf('cnn-a', 4, 'node1')],
    }));
    expect(() => mergeResults(parts(exampleStudy(), seed), 'all')).toThrow(/first seed draws/);
  });
});
