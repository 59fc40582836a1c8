import type { CompletedTrial, DeploymentMeasurement, InstallCard } from '@dlcmp/bench-core/results';
import { describe, expect, it } from '@jest/globals';
import { deploymentTable, environmentsTable } from '../src/deployment-table';
import { renderReportHtml } from '../src/html/render-report-html';
import { createReport } from '../src/report';
import { summaryMarkdown } from '../src/summary-markdown';
import { completedTrial, sampleResults } from './sample-results';

const MEBIBYTE = 2 ** 20;
const seconds = { median: 0.42, low: 0.4, high: 0.47 };
const measured: DeploymentMeasurement = {
  coldStart: {
    ...{ processes: 20, totalSeconds: seconds, importSeconds: seconds },
    ...{ loadSeconds: seconds, firstAnswerSeconds: seconds },
  },
  memory: {
    ...{ atRestBytes: 90 * MEBIBYTE, afterFirstBytes: 120 * MEBIBYTE },
    ...{ requests: 1000, afterRequestsBytes: 130 * MEBIBYTE },
  },
  install: {
    ...{ platform: 'linux-x64', package: '@dlcmp/cnn-onnx', bytes: 294 * MEBIBYTE },
    packages: [{ name: 'onnxruntime-node', version: '1.30.0', bytes: 287 * MEBIBYTE }],
    pruned: [
      { platform: 'linux-x64', bytes: 51 * MEBIBYTE },
      { platform: 'win32-x64', bytes: 71 * MEBIBYTE },
    ],
    commands: ["find node_modules -name '*.map' -type f -delete"],
    environments: [
      { environment: 'Alpine', runs: 'no', why: 'needs glibc', source: 'https://example.org/1' },
      { environment: 'Windows', runs: 'untried', why: 'has binaries', source: 'nobody & none' },
    ],
  },
};

function reportWith(deployment: CompletedTrial['deployment']) {
  return createReport(sampleResults([{ ...completedTrial(), deployment }]));
}

describe('the table of deployments', () => {
  it('gives sizes as installed and as pruned here, cold start with its interval, and memory', () => {
    const { columns, rows } = deploymentTable(reportWith({ status: 'completed', ...measured }));
    const [[, ...cells] = []] = rows;
    expect(columns.at(-1)).toBe('after 1,000 (MiB)');
    expect(cells.slice(0, 3)).toEqual(['294.0', '51.0', 'none']);
    expect(cells.slice(3)).toEqual(['0.420 [0.400, 0.470]', '90.0', '120.0', '130.0']);
  });

  it('tells a library that is not needed from one that is not counted', () => {
    const native = (library: InstallCard['native']) => {
      const install = { ...measured.install!, native: library };
      const report = reportWith({ status: 'completed', ...measured, install });
      return deploymentTable(report).rows[0]![3];
    };
    expect(native(null)).toBe('not counted');
    expect(native({ command: 'dlcmp setup tensorflow', bytes: 800 * MEBIBYTE })).toBe('800.0');
  });

  it('says of a peer that npm does not install it, and is empty where nothing was asked for', () => {
    const { install: _, ...peer } = measured;
    const report = reportWith({ status: 'completed', ...peer });
    expect(deploymentTable(report).rows[0]!.slice(1, 3)).toEqual(['not by npm', 'not by npm']);
    expect(environmentsTable(report).rows).toEqual([]);
    expect(deploymentTable(reportWith(undefined)).rows).toEqual([]);
  });

  it('names the error of one that failed', () => {
    const error = { code: 'CRASHED', message: '', exitCode: 1, signal: null, stderrTail: '' };
    const { rows } = deploymentTable(reportWith({ status: 'failed', error }));
    expect(rows[0]!.slice(1)).toEqual(['failed (CRASHED)']);
  });

  it('says where it runs, and is in the summary with the commands as they are typed', () => {
    const report = reportWith({ status: 'completed', ...measured });
    const { columns, rows } = environmentsTable(report);
    expect(columns.slice(1)).toEqual(['Alpine', 'Windows']);
    expect(rows[0]!.slice(1)).toEqual(['no', 'untried']);
    const summary = summaryMarkdown(report);
    expect(summary).toContain("```sh\nfind node_modules -name '*.map' -type f -delete\n```");
    expect(summary).toContain('| framework | Alpine | Windows |');
  });

  it('has a card on the page: commands, sizes by platform, and where it runs with its source', async () => {
    const page = await renderReportHtml(reportWith({ status: 'completed', ...measured }));
    expect(page).toContain('find node_modules -name &#39;*.map&#39; -type f -delete');
    expect(page).toContain('win32-x64');
    expect(page).toContain('<a href="https://example.org/1">example.org/1</a>');
    expect(page).toContain('nobody &amp; none');
  });

  it('sets words to the left and figures to the right, and sends nobody to the page that he reads', async () => {
    const page = await renderReportHtml(reportWith({ status: 'completed', ...measured }));
    // `no` and `untried` are words; `none` under a heading with a unit stands in place of a figure.
    expect(page).toContain('<td class="words">no</td><td class="words">untried</td>');
    expect(page).toContain('<td>294.0</td><td>51.0</td><td>none</td>');
    expect(page).toContain('Reasons and sources stand in the cards below');
    expect(page).not.toContain('stand in report.html');
  });
});
