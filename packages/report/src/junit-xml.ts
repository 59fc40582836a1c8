import type { BenchResults, TrialResult } from '@dlcmp/bench-core/results';
import { contenderTitle } from './charts/report-chart';
import { escapeHtml } from './html/markup';
import { printable } from './printable';

/** `junit.xml`: every trial as a test case, for servers that show such files. */
export function junitXml({ dataset, startedAt, trials }: BenchResults): string {
  const failures = trials.filter(({ status }) => status !== 'completed').length;
  const seconds = trials.reduce((sum, { totalSeconds }) => sum + totalSeconds, 0);
  return printable(
    [
      '<?xml version="1.0" encoding="UTF-8"?>',
      `<testsuites><testsuite name="dlcmp on ${escapeHtml(dataset.name)}" timestamp="${escapeHtml(startedAt)}" tests="${trials.length}" failures="${failures}" time="${seconds.toFixed(3)}">`,
      ...trials.map(testCase),
      '</testsuite></testsuites>',
      '',
    ].join('\n'),
  );
}

function testCase(trial: TrialResult): string {
  const name = escapeHtml(`${contenderTitle(trial)}, seed ${trial.seed}`);
  const open = `<testcase classname="${escapeHtml(trial.adapter)}" name="${name}" time="${trial.totalSeconds.toFixed(3)}"`;
  if (trial.status === 'completed') return `${open}/>`;
  const { code, message, stderrTail } = trial.error;
  return `${open}><failure type="${escapeHtml(code)}" message="${escapeHtml(message)}">${escapeHtml(stderrTail)}</failure></testcase>`;
}

/**
 * Failures and warnings as GitHub's workflow commands, which it shows beside a pull request. Their
 * values are escaped as its documentation says ("Workflow commands for GitHub Actions").
 */
export function githubAnnotations(
  { trials }: BenchResults,
  warnings: readonly { readonly message: string; readonly advice: string }[],
): string {
  const errors = trials.flatMap((trial) =>
    trial.status === 'completed'
      ? []
      : [
          command(
            'error',
            `${contenderTitle(trial)}, seed ${trial.seed}, ${trial.status}: ${trial.error.message}`,
          ),
        ],
  );
  const remarks = warnings.map(({ message, advice }) => command('warning', `${message} ${advice}`));
  return [...errors, ...remarks].join('');
}

function command(kind: 'error' | 'warning', text: string): string {
  const escaped = text.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A');
  return `::${kind} title=dlcmp::${printable(escaped)}\n`;
}
