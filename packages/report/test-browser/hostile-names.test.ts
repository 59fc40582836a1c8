import type { BenchResults } from '@dlcmp/bench-core/results';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import type { Browser } from 'playwright-core';
import { createReport, renderReportHtml } from '../src';
import { launchChromium, type OpenReport, openReport } from './open-report';
import { reportResults } from './report-results';

/** Names that a stranger's results may hold, none of which may do anything. */
const HOSTILE = [
  '</script><script>window.pwned = 1</script>',
  '<img src=x onerror="window.pwned = 1">',
  '"><svg onload="window.pwned = 1">',
  "' onfocus='window.pwned = 1' autofocus='",
  '</title></style><b>\u2028\u2029',
  '\u202eright to left \u0000\u0007\ud800',
];

let browser: Browser;
let report: OpenReport;

beforeAll(async () => {
  browser = await launchChromium();
  report = await openReport(browser, await renderReportHtml(createReport(hostileResults())));
});

afterAll(() => browser?.close());

it('runs nothing out of names, asks for nothing and breaks no policy', async () => {
  await report.page.waitForLoadState('load');
  expect(await report.page.evaluate('window.pwned')).toBeUndefined();
  expect(report.requests).toEqual([]);
  expect(report.complaints).toEqual([]);
});

it('shows names as they are', async () => {
  const text = await report.page.locator('body').textContent();
  for (const name of HOSTILE.slice(0, 4)) expect(text).toContain(name);
});

it('has a policy that stops a script which is put in', async () => {
  // The browser tells of it when it comes to that, which may be after the script that is put in.
  const refusal = report.page.waitForEvent('console', (message) =>
    message.text().includes('Content Security Policy'),
  );
  await report.page.evaluate(`
    const script = document.createElement('script');
    script.textContent = 'window.pwned = 2';
    document.body.append(script);
    const image = document.createElement('img');
    image.src = 'http://127.0.0.1:9/pixel';
    document.body.append(image);
  `);
  await refusal;
  expect(await report.page.evaluate('window.pwned')).toBeUndefined();
  expect(report.complaints.join()).toContain('Content Security Policy');
});

function hostileResults(): BenchResults {
  const results = reportResults();
  return {
    ...results,
    dataset: {
      ...results.dataset,
      name: HOSTILE[0]!,
      classNames: HOSTILE,
      testImages: results.dataset.testImages.map((image, i) => ({
        ...image,
        relativePath: `${HOSTILE[i % HOSTILE.length]}/${i}.jpg`,
      })),
    },
    machine: { ...results.machine, cpuModel: HOSTILE[1]! },
    trials: results.trials.map((trial) => ({
      ...trial,
      displayName: `${HOSTILE[2]} ${trial.adapter}`,
    })),
  };
}
