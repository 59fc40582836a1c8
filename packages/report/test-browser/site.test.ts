import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import axe from 'axe-core';
import type { Browser, Page } from 'playwright-core';
import { renderSite } from '../src';
import { launchChromium, SCREENSHOTS } from './open-report';
import { reportResults } from './report-results';

let browser: Browser;
let directory: string;

beforeAll(async () => {
  browser = await launchChromium();
  directory = await mkdtemp(join(tmpdir(), 'dlcmp-site-'));
  const entries = ['2026-01-01', '2026-02-01'].flatMap((date) =>
    ['node1', 'node2'].map((name) => entryOf(date, name)),
  );
  const { pages } = await renderSite(entries, [{ directory: 'broken', reason: 'it is no JSON' }]);
  for (const [name, content] of pages) await writeFile(join(directory, name), content);
});

afterAll(async () => {
  await browser?.close();
  await rm(directory, { recursive: true });
});

function entryOf(date: string, name: string) {
  const results = reportResults();
  const trials = results.trials.filter(({ status }) => status === 'completed');
  return {
    directory: `results/${name}-${date}`,
    results: {
      ...{ ...results, trials, startedAt: `${date}T10:00:00.000Z` },
      machine: { ...results.machine, name },
    },
  };
}

it.each([
  [390, 'light'],
  [390, 'dark'],
  [1280, 'light'],
  [1280, 'dark'],
] as const)('stands at %i px, %s, without a network', async (width, colorScheme) => {
  // axe is a script that the pages' policy would stop.
  const viewport = { width, height: 900 };
  const context = await browser.newContext({
    viewport,
    colorScheme,
    offline: true,
    bypassCSP: true,
  });
  const page = await context.newPage();
  await page.goto(pathToFileURL(join(directory, 'index.html')).href);
  await check(page, `site-index-${width}-${colorScheme}`);
  await page.locator('h2 a').first().click();
  await page.fill('input.price', '3.6');
  // A tenth of a cent a second.
  const cell = page.locator('td[data-seconds]').first();
  const seconds = Number(await cell.getAttribute('data-seconds'));
  expect(Number(await cell.textContent())).toBeCloseTo(seconds / 1000, 3);
  await check(page, `site-machine-${width}-${colorScheme}`);
  await page.click('text=All machines');
  await page.locator('li a').first().click();
  await check(page, `site-contender-${width}-${colorScheme}`);
  await context.close();
});

it('breaks no policy of its own', async () => {
  const page = await browser.newPage();
  const complaints: string[] = [];
  page.on('console', (message) => complaints.push(message.text()));
  page.on('pageerror', (error) => complaints.push(error.message));
  await page.goto(pathToFileURL(join(directory, 'index.html')).href);
  await page.locator('h2 a').first().click();
  await page.fill('input.price', '2');
  await page.waitForFunction("document.querySelector('td[data-seconds]').textContent !== '–'");
  expect(complaints).toEqual([]);
  await page.close();
});

/** Nothing is wider than the screen, and nothing is hard to read. */
async function check(page: Page, name: string): Promise<void> {
  await page.screenshot({ path: join(SCREENSHOTS, `${name}.png`), fullPage: true });
  const overflow = await page.evaluate(
    'document.documentElement.scrollWidth - document.documentElement.clientWidth',
  );
  expect(overflow).toBe(0);
  // The page's policy lets no script in; a context that runs one is not the page's.
  const violations = await axeViolations(page);
  expect(violations).toEqual([]);
}

async function axeViolations(page: Page): Promise<string[]> {
  await page.evaluate(axe.source);
  const found = (await page.evaluate('axe.run()')) as { violations: { id: string }[] };
  return found.violations.map(({ id }) => id);
}
