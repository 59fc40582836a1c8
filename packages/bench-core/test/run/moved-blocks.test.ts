import type { Adapter } from '@dlcmp/contract';
import { describe, expect, it } from '@jest/globals';
import { seedsOfShard } from '../../src/results/shard';
import type { BenchPlan } from '../../src/run/bench-plan';
import { assertResumable, blocksBegunElsewhere, keptTrials } from '../../src/run/resume';
import { schedule } from '../../src/run/schedule';
import { exampleStudy } from '../merge/example-study';

const study = exampleStudy({ seeds: [1, 2, 3], adapters: ['cnn-a', 'cnn-b'] });

function planOf(configuration = study.configuration, more: Partial<BenchPlan> = {}): BenchPlan {
  return {
    configuration,
    adapters: configuration.adapters.map(({ adapter, backend }) => ({
      ...{ adapter: { id: adapter, family: 'cnn' } as Adapter, backend },
      ...{ title: adapter, contender: `${adapter}:cpu` },
      reference: { moduleUrl: 'file:///none.mjs', factory: 'create' },
    })),
    dataset: study.dataset,
    images: {},
    outputDirectory: 'out',
    ...more,
  };
}

describe('a run that goes on elsewhere', () => {
  const broken = { ...study, trials: study.trials.slice(0, 3) };

  it('keeps whole blocks of another machine, and runs a broken one anew', () => {
    const { kept, begunElsewhere } = keptTrials(planOf(), broken.trials, 'node2');
    expect(kept.map(({ seed }) => seed)).toEqual([1, 1]);
    expect(begunElsewhere).toEqual([2]);
    expect(keptTrials(planOf(), broken.trials, 'node1').kept).toHaveLength(3);
  });

  it('throws nothing finished away for a contender more', () => {
    const adapters = [...study.configuration.adapters, { adapter: 'cnn-c', backend: 'cpu' }];
    const more = planOf({ ...study.configuration, adapters });
    expect(() => blocksBegunElsewhere(more, study, 'node2')).toThrow(/seeds 1, 2, 3 of another/);
    expect(blocksBegunElsewhere(more, study, 'node1')).toEqual([]);
    expect(blocksBegunElsewhere(planOf(), broken, 'node2')).toEqual([2]);
  });

  it('is no other shard', () => {
    const shard = { index: 1, count: 3 };
    const other = planOf(undefined, { shard: { index: 2, count: 3 } });
    expect(() => assertResumable(other, { ...study, shard })).toThrow(
      /--shard was 1\/3 and is 2\/3/,
    );
  });
});

describe('shards', () => {
  it('hold each seed once, and keep it where seeds are added', () => {
    const seeds = [5, 3, 9, 1, 7, 8, 2];
    const all = [1, 2, 3].map((index) => seedsOfShard(seeds, { index, count: 3 }));
    expect(all).toEqual([
      [5, 1, 2],
      [3, 7],
      [9, 8],
    ]);
    expect(seedsOfShard([...seeds, 4], { index: 2, count: 3 })).toEqual([3, 7, 4]);
  });

  it('run the trials of their seeds in the order of an unbroken run', () => {
    const name = ({ selected, seed }: ReturnType<typeof schedule>[number]) =>
      `${selected.contender} ${seed}`;
    const whole = schedule(planOf()).map(name);
    const shard = schedule(planOf(undefined, { shard: { index: 3, count: 3 } })).map(name);
    expect(shard).toEqual(whole.slice(4));
  });
});
