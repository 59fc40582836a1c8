import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { type Browser, type BrowserContextOptions, chromium, type Page } from 'playwright-core';

const PLACES = [process.env.DLCMP_CHROMIUM ?? '', '/usr/bin/chromium', '/usr/bin/chromium-browser'];

/** No step of a page takes so long on any machine. */
const PATIENCE_MS = 300_000;

/** Kept by CI; git ignores it. */
export const SCREENSHOTS = fileURLToPath(new URL('../screenshots', import.meta.url));

/** A report in a browser, and what the browser said and asked for. */
export interface OpenReport {
  readonly page: Page;
  /** Console errors, exceptions and violations of the policy. */
  readonly complaints: string[];
  /** Addresses asked for, but for the page itself and what is in it. */
  readonly requests: string[];
}

export async function launchChromium(): Promise<Browser> {
  const executablePath = PLACES.find((place) => place !== '' && existsSync(place));
  if (!executablePath) {
    throw new Error(
      'These tests need chromium: apt-get install -y --no-install-recommends chromium (or set DLCMP_CHROMIUM to its path).',
    );
  }
  await mkdir(SCREENSHOTS, { recursive: true });
  return chromium.launch({
    executablePath,
    args: ['--no-sandbox', '--disable-dev-shm-usage', '--disable-gpu'],
    timeout: PATIENCE_MS,
  });
}

/** Opens `html` from the disk, as a reader would. */
export async function openReport(
  browser: Browser,
  html: string,
  options: BrowserContextOptions = {},
): Promise<OpenReport> {
  const directory = await mkdtemp(join(tmpdir(), 'dlcmp-report-'));
  const file = join(directory, 'report.html');
  await writeFile(file, html);
  const context = await browser.newContext(options);
  context.setDefaultTimeout(PATIENCE_MS);
  const page = await context.newPage();
  page.on('close', () => void rm(directory, { recursive: true }));
  const complaints: string[] = [];
  const requests: string[] = [];
  page.on('console', (message) => {
    if (['error', 'warning'].includes(message.type())) complaints.push(message.text());
  });
  page.on('pageerror', (error) => complaints.push(error.message));
  const address = pathToFileURL(file).href;
  page.on('request', (request) => {
    if (request.url() !== address && !request.url().startsWith('data:'))
      requests.push(request.url());
  });
  await page.goto(address);
  return { page, complaints, requests };
}
