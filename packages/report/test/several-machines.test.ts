import { describe, expect, it } from '@jest/globals';
import { createReport } from '../src/report';
import { renderStudyTable } from '../src/study-table';
import { summaryMarkdown } from '../src/summary-markdown';
import { trialsCsv } from '../src/trials-csv';
import { completedTrial, sampleResults } from './sample-results';

const seeds = [1, 2, 3];
const base = sampleResults([completedTrial()]);

/** The second machine is ten times as slow. */
const results = {
  ...base,
  configuration: { ...base.configuration, seeds },
  machines: ['quick', 'slow'].map((name) => ({ ...base.machine, name })),
  trials: seeds.flatMap((seed) =>
    ['cnn-onnx', 'cnn-tfjs'].map((adapter) => {
      const machine = seed === 2 ? 'slow' : 'quick';
      const trainSeconds = machine === 'slow' ? 4000 : 400;
      return { ...completedTrial({ adapter, seed, trainSeconds }), machine };
    }),
  ),
};

describe('a study on several machines', () => {
  it('has a table for each, so that no row holds times of two', () => {
    const table = renderStudyTable(createReport(results));
    expect(table).toMatch(/On quick, seeds 1, 3:[\s\S]*400[\s\S]*On slow, seed 2:[\s\S]*4,?000/);
    // The mean over both machines.
    expect(table).not.toMatch(/1,?600/);
    const markdown = summaryMarkdown(createReport(results));
    expect(markdown.match(/^\| --- /gm)).toHaveLength(2);
    expect(markdown).toContain('2 machines: quick, slow');
  });

  it('says in trials.csv where each ran', () => {
    const [header = '', ...rows] = trialsCsv(results).trim().split(/\r?\n/);
    const column = header.split(',').indexOf('machine');
    const machines = rows.map((row) => row.split(',')[column]);
    expect(machines).toEqual(['quick', 'quick', 'slow', 'slow', 'quick', 'quick']);
  });
});
