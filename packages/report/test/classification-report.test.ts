import { readFileSync } from 'node:fs';
import { measureQuality } from '@dlcmp/bench-core/results';
import { expect, test } from '@jest/globals';
import { renderClassificationReport } from '../src';
import { completedTrial } from './sample-results';

interface ScikitLearnCase {
  readonly classNames: readonly string[];
  readonly labels: readonly number[];
  readonly predicted: readonly number[];
  readonly report: string;
}

const cases: readonly ScikitLearnCase[] = JSON.parse(
  readFileSync(new URL('./fixtures/classification-report.json', import.meta.url), 'utf8'),
);

test('hands no control characters of a class name to the terminal', () => {
  const trial = completedTrial();
  const [first, ...rest] = trial.perClass;
  const perClass = [{ ...first!, className: 'a\u001b[2Jb' }, ...rest];
  expect(renderClassificationReport({ ...trial, perClass })).toContain('a\\u001b[2Jb');
});

test.each(cases)("is scikit-learn's report to the character: $classNames", (scikitLearn) => {
  const { classNames, labels, predicted, report } = scikitLearn;
  const probabilities = new Float32Array(labels.length * classNames.length);
  predicted.forEach((label, i) => {
    probabilities[i * classNames.length + label] = 1;
  });
  const quality = measureQuality(probabilities, Int32Array.from(labels), classNames);
  expect(renderClassificationReport(quality)).toBe(report);
});
