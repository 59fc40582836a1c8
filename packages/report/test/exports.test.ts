import { describe, expect, it } from '@jest/globals';
import { PNG } from 'pngjs';
import {
  createReport,
  githubAnnotations,
  junitXml,
  renderChartFiles,
  summaryMarkdown,
  trialsCsv,
} from '../src';
import { PALETTE } from '../src/chart-style';
import { countPixels, decodePng } from './png-image';
import { completedTrial, failedTrial, sampleResults } from './sample-results';

const TENSORFLOW = { adapter: 'cnn-tfjs', displayName: 'TensorFlow.js (CNN)', backend: 'wasm' };

/** A PNG file of one colour. */
function solidPng(color: string): Buffer {
  const image = new PNG({ width: 16, height: 16 });
  const rgba = Buffer.from(`${color.slice(1)}ff`, 'hex');
  for (let pixel = 0; pixel < 256; pixel++) rgba.copy(image.data, pixel * 4);
  return PNG.sync.write(image);
}

const results = sampleResults([completedTrial(), failedTrial(TENSORFLOW)]);
const report = createReport(results);

describe('trials.csv', () => {
  it('has a row for each trial, figures at full precision, failures with their reason', () => {
    const [header, first, second] = trialsCsv(results)
      .trim()
      .split('\r\n')
      .map((line) => line.split(','));
    const cell = (row: readonly string[] | undefined, name: string) =>
      row?.[header?.indexOf(name) ?? -1];
    expect(cell(first, 'trainSeconds')).toBe('41.5');
    expect(cell(first, 'status')).toBe('completed');
    expect(cell(second, 'trainSeconds')).toBe('');
    expect(cell(second, 'error')).toContain('CRASHED');
  });

  it('has no spreadsheet run a formula', () => {
    const hostile = sampleResults([completedTrial({ adapter: '=HYPERLINK("x")' })]);
    expect(trialsCsv(hostile)).toContain(`"'=HYPERLINK(""x"")"`);
  });
});

describe('summary.md', () => {
  it('has the answer, a table and the warnings', () => {
    const text = summaryMarkdown(report);
    expect(text).toContain('Only ONNX Runtime (CNN) on cpu ran: nothing to compare.');
    expect(text).toContain('| ONNX Runtime (CNN) on cpu | 45.75 | 41.50 | 1.25 | 80.00 | 700 |');
    expect(text).toContain('| TensorFlow.js (CNN) on wasm | failed |');
    expect(text).toContain('not every trial completed');
  });

  it('lets no name become markup', () => {
    const dataset = { ...results.dataset, name: '<img src=x>|[a](b)\n# c' };
    const text = summaryMarkdown(createReport({ ...results, dataset }));
    expect(text).not.toMatch(/<img|\]\(b\)|\n# c/);
  });
});

describe('for CI', () => {
  it('writes each trial as a test case of JUnit', () => {
    const text = junitXml(report);
    expect(text).toContain('tests="2" failures="1"');
    expect(text).toContain('<failure type="CRASHED"');
    expect(text.match(/<testcase/g)).toHaveLength(2);
  });

  it('annotates failures and warnings, a line each', () => {
    const warnings = [{ id: 'busy-machine', message: '100%\nbusy', advice: 'Wait.' }] as const;
    expect(
      githubAnnotations({ ...report, warnings })
        .trim()
        .split('\n'),
    ).toEqual([
      '::error title=dlcmp::TensorFlow.js (CNN) on wasm, seed 1, failed: The process ended by SIGKILL before it answered.',
      '::warning title=dlcmp::100%25%0Abusy Wait.',
    ]);
  });
});

describe('charts as files', () => {
  it('draws each as SVG and PNG with the contender’s colour in it', async () => {
    const charts = (await renderChartFiles(report)).filter(
      ({ name }) => name !== 'confusion-matrices',
    );
    expect(charts.map(({ name }) => name)).toEqual(
      expect.arrayContaining(['accuracy-by-epoch', 'latency', 'training-time', 'classes']),
    );
    for (const { svg, png } of charts) {
      expect(svg).toMatch(/^<svg xmlns="http:\/\/www.w3.org\/2000\/svg"/);
      expect(countPixels(decodePng(png), PALETTE[0])).toBeGreaterThan(50);
    }
  });

  it('draws confusion matrices, the gallery and importance maps as files of their own', async () => {
    const trials = ['A', 'B'].map((name, i) =>
      completedTrial({ adapter: name, displayName: name, hitsOfTen: 8 - i }),
    );
    const compared = createReport(sampleResults(trials));
    const picture = solidPng(PALETTE[3]);
    const thumbnails = new Map(
      compared.galleryImages.map(({ relativePath }) => [relativePath, picture]),
    );
    const importanceMaps = [{ title: 'Forest', height: 2, width: 2, values: [0, 0, 0, 4] }];
    const files = await renderChartFiles(compared, { thumbnails, importanceMaps });
    const file = (wanted: string) => files.find(({ name }) => name === wanted)!;
    // All of class "glacier" is right in A: its cell is 55% blue.
    expect(countPixels(decodePng(file('confusion-matrices').png), '#73b1d5')).toBeGreaterThan(500);
    expect(countPixels(decodePng(file('gallery').png), PALETTE[3])).toBeGreaterThan(10_000);
    // One of four pixels, at twice the nominal 192.
    expect(countPixels(decodePng(file('importance').png), PALETTE[0])).toBeGreaterThan(140_000);
    expect(file('confusion-matrices').svg).toContain('glacier');
  });
});
