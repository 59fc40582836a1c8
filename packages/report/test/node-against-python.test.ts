import type { CompletedTrial } from '@dlcmp/bench-core/results';
import { describe, expect, it } from '@jest/globals';
import { createReport, type Report } from '../src';
import { nodeAgainstPythonSection } from '../src/html/node-against-python-section';
import { nodeAgainstPythonTable } from '../src/node-against-python-words';
import { summaryMarkdown } from '../src/summary-markdown';
import { completedTrial, sampleResults } from './sample-results';

function node(seed: number, trainSeconds: number): CompletedTrial {
  return completedTrial({ adapter: 'onnx', displayName: 'Node', seed, trainSeconds });
}

function python(seed: number, trainSeconds: number): CompletedTrial {
  const details = { peerTrainSeconds: trainSeconds * 0.98 };
  const trial = completedTrial({ adapter: 'pytorch', displayName: 'Python', seed, trainSeconds });
  return { ...trial, details, versions: { python: '3.12' } };
}

function results(...trials: CompletedTrial[]): Report {
  return createReport(sampleResults(trials));
}

describe('Node.js against Python in the report', () => {
  const two = results(node(1, 3), python(1, 6), node(2, 3), python(2, 5));

  it('gives the ratio with its interval in the page and the summary', () => {
    // √(3/6 · 3/5) = 0.548
    expect(nodeAgainstPythonTable(two).rows[0]?.slice(0, 2)).toEqual([
      'Node on cpu / Python on cpu',
      expect.stringMatching(/^0\.55× \[0\.17, 1\.7\d\]$/),
    ]);
    for (const text of [nodeAgainstPythonSection(two)?.source, summaryMarkdown(two)]) {
      expect(text).toContain('0.55×');
    }
  });

  it("shows how far a peer's own clock is from the harness's", () => {
    expect(nodeAgainstPythonSection(two)?.source).toContain('(2.0 % between)');
  });

  it('shows small ratios with two digits that count', () => {
    const { rows } = nodeAgainstPythonTable(results(node(1, 0.0123), python(1, 3)));
    expect(rows[0]?.[1]).toBe('0.0041×');
  });

  it('gives no ratio of CNNs that failed the parity gate', () => {
    const parityGate = { ...two.results.parityGate, status: 'failed' as const };
    const failed = createReport({ ...two.results, parityGate });
    expect(nodeAgainstPythonTable(failed).rows).toEqual([]);
  });

  it('names no language where nothing is compared', () => {
    const source = nodeAgainstPythonSection(results(python(1, 6)))?.source;
    expect(source).toContain('<h2>Peers</h2>');
  });

  it('is not there without a peer', () => {
    expect(nodeAgainstPythonSection(results(node(1, 3)))).toBeUndefined();
  });
});
