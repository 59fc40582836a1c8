import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import axe from 'axe-core';
import type { Browser, Page } from 'playwright-core';
import { createReport, renderReportHtml } from '../src';
import { launchChromium, type OpenReport, openReport, SCREENSHOTS } from './open-report';
import { reportResults } from './report-results';

/** `report.html` as a reader sees it, in a real browser. */
let browser: Browser;
let html: string;
let report: OpenReport;

beforeAll(async () => {
  browser = await launchChromium();
  html = await renderReportHtml(createReport(reportResults()), {
    importanceMaps: [{ title: 'Random forest', height: 2, width: 2, values: [0, 1, 2, 3] }],
  });
  report = await openReport(browser, html, { viewport: { width: 1280, height: 900 } });
});

afterAll(() => browser?.close());

describe('report.html', () => {
  it('opens from the disk without a complaint and asks for nothing', () => {
    expect(report.complaints).toEqual([]);
    expect(report.requests).toEqual([]);
    expect(Buffer.byteLength(html)).toBeLessThan(5_000_000);
  });

  it('gives the answer first, with its uncertainty', async () => {
    const answer = await report.page.locator('.answer').textContent();
    expect(answer).toContain('ONNX Runtime (CNN) on cpu is quickest to train');
    expect(answer).toMatch(/95% interval \d/);
  });

  it.each([
    'accuracy-against-training-time',
    'accuracy-by-epoch',
    'accuracy-by-second',
    'loss-by-epoch',
    'accuracy',
    'training-time',
    'inference-time',
    'peak-memory',
    'latency',
    'throughput-by-batch-size',
    'phases',
    'classes',
  ])('draws %s: coloured marks that can be seen', async (id) => {
    expect(await visibleMarks(report.page, id)).toBeGreaterThan(0);
  });

  it.each([
    ['Inference and the saved model', ['p99.9 (ms)', 'unsupported by 200 samples', 'unavailable']],
    ['What it cost', ['while training (MiB)', 'GPU busy (%)', 'unavailable']],
    ['Comparisons in figures', ['p of chance', 'McNemar', 'is better', 'undecided']],
  ])('has “%s” as a table, and says what is not known', async (heading, words) => {
    const section = report.page.locator('section', { has: report.page.getByText(heading).first() });
    const text = await section.first().textContent();
    for (const word of words) expect(text).toContain(word);
  });

  it('gives the coefficient of variation beside the interval', async () => {
    expect(await report.page.locator('table.sortable').textContent()).toMatch(
      /± [\d.]+\s*CV [\d.]+ %/,
    );
  });

  it('offers the raw results whole', async () => {
    const href = await report.page.getByText('Download the raw results').getAttribute('href');
    const raw = Buffer.from(String(href).split('base64,')[1] ?? '', 'base64').toString();
    expect(JSON.parse(raw)).toEqual(JSON.parse(JSON.stringify(reportResults())));
  });
});

describe('the table', () => {
  it('sorts by a click and turns round by another; who failed stays last', async () => {
    const { page } = report;
    const title = page.getByRole('button', { name: 'Training Time (s)' });
    await title.click();
    expect(await firstColumn(page)).toEqual([
      'Random forest on cpu',
      'ONNX Runtime (CNN) on cpu',
      'TensorFlow.js (CNN) on wasm',
      'Broken (CNN) on webgpu',
    ]);
    await title.click();
    expect(await firstColumn(page)).toEqual([
      'TensorFlow.js (CNN) on wasm',
      'ONNX Runtime (CNN) on cpu',
      'Random forest on cpu',
      'Broken (CNN) on webgpu',
    ]);
  });

  it('sorts by the keyboard and says so to a screen reader', async () => {
    const { page } = report;
    await page.getByRole('button', { name: 'Accuracy (%)' }).focus();
    await page.keyboard.press('Enter');
    const header = page.getByRole('columnheader', { name: 'Accuracy (%)' });
    expect(await header.getAttribute('aria-sort')).toBe('ascending');
    expect((await firstColumn(page))[0]).toBe('Random forest on cpu');
    await page.keyboard.press('Space');
    expect(await header.getAttribute('aria-sort')).toBe('descending');
    expect((await firstColumn(page))[0]).toBe('ONNX Runtime (CNN) on cpu');
  });
});

describe.each([
  ['light', { viewport: { width: 1280, height: 900 }, colorScheme: 'light' }],
  ['dark', { viewport: { width: 1280, height: 900 }, colorScheme: 'dark' }],
  ['phone', { viewport: { width: 360, height: 740 }, isMobile: true, hasTouch: true }],
] as const)('in %s', (name, options) => {
  it('has no fault that axe calls serious or critical, and fits the width', async () => {
    const { page } = await openReport(browser, html, { ...options, bypassCSP: true });
    await page.screenshot({ path: join(SCREENSHOTS, `report-${name}.png`), fullPage: true });
    expect(await seriousFaults(page)).toEqual([]);
    expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(
      options.viewport.width,
    );
    await page.close();
  });
});

it('prints on paper', async () => {
  const { page } = await openReport(browser, html, { colorScheme: 'dark' });
  const pdf = await page.pdf({ path: join(SCREENSHOTS, 'report.pdf'), format: 'A4' });
  expect(pdf.subarray(0, 4).toString()).toBe('%PDF');
  await page.emulateMedia({ media: 'print', colorScheme: 'dark' });
  expect(await page.evaluate('getComputedStyle(document.body).backgroundColor')).toBe(
    'rgb(255, 255, 255)',
  );
  await page.setViewportSize({ width: 794, height: 1123 });
  expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(794);
  await page.close();
});

/** Shapes of a chart that are coloured as a series and have an extent. */
async function visibleMarks(page: Page, id: string): Promise<number> {
  return page
    .locator(`#${id} svg.chart :is([fill^="var(--series"], [stroke^="var(--series"])`)
    .evaluateAll(
      (shapes) =>
        shapes.filter((shape) => {
          const { width, height } = shape.getBoundingClientRect();
          return width + height > 4;
        }).length,
    );
}

function firstColumn(page: Page): Promise<string[]> {
  return page.locator('table.sortable tbody th').allInnerTexts();
}

async function seriousFaults(page: Page): Promise<string[]> {
  await page.evaluate(axe.source);
  const violations = (await page.evaluate('axe.run().then(({ violations }) => violations)')) as {
    readonly id: string;
    readonly impact: string;
    readonly nodes: readonly { readonly html: string }[];
  }[];
  return violations
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .map(({ id, nodes }) => `${id}: ${nodes[0]?.html}`);
}
