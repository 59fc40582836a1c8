import {
  contenderTitle,
  describeFailedCheck,
  failedChecks,
  type TrialResult,
} from '@dlcmp/bench-core/results';
import { printable } from '@dlcmp/contract';
import { escapeHtml } from './html/markup';
import type { Report, ReportedContender } from './report';

/** `junit.xml`: every trial as a test case, those not run as skipped, for servers that show such files. */
export function junitXml({ results, datasetName, contenders }: Report): string {
  const { startedAt, trials } = results;
  const missing = contenders.flatMap(missingCases);
  const failures = trials.filter(
    (trial) => trial.status !== 'completed' || trial.comparable === false,
  ).length;
  const seconds = trials.reduce((sum, { totalSeconds }) => sum + totalSeconds, 0);
  return printable(
    [
      '<?xml version="1.0" encoding="UTF-8"?>',
      `<testsuites><testsuite name="dlcmp on ${escapeHtml(datasetName)}" timestamp="${escapeHtml(startedAt)}" tests="${trials.length + missing.length}" failures="${failures}" skipped="${missing.length}" time="${seconds.toFixed(3)}">`,
      ...trials.map(testCase),
      ...missing,
      '</testsuite></testsuites>',
      '',
    ].join('\n'),
  );
}

function testCase(trial: TrialResult): string {
  const name = escapeHtml(`${contenderTitle(trial)}, seed ${trial.seed}`);
  const open = `<testcase classname="${escapeHtml(trial.adapter)}" name="${name}" time="${trial.totalSeconds.toFixed(3)}"`;
  if (trial.status === 'completed') {
    const failed = failedChecks({ completed: [trial] }).map(describeFailedCheck);
    if (failed.length === 0) return `${open}/>`;
    return `${open}><failure type="NOT_COMPARABLE" message="${escapeHtml(failed.join('; '))}"/></testcase>`;
  }
  const { code, message, stderrTail } = trial.error;
  return `${open}><failure type="${escapeHtml(code)}" message="${escapeHtml(message)}">${escapeHtml(stderrTail)}</failure></testcase>`;
}

function missingCases({ title, adapter, missingSeeds }: ReportedContender): string[] {
  return missingSeeds.map((seed) => {
    const name = escapeHtml(`${title}, seed ${seed}`);
    return `<testcase classname="${escapeHtml(adapter)}" name="${name}"><skipped message="The run was broken off before."/></testcase>`;
  });
}

/**
 * Failures and warnings as GitHub's workflow commands, which it shows beside a pull request. Their
 * values are escaped as its documentation says ("Workflow commands for GitHub Actions").
 */
export function githubAnnotations({ results, warnings }: Report): string {
  const errors = results.trials.flatMap((trial) =>
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
