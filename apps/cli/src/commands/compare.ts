import {
  type ChangedFact,
  changedFacts,
  compareRuns,
  type RunComparison,
  readResults,
} from '@dlcmp/bench-core';
import type { Command } from 'commander';
import { EXIT } from '../exit-codes';
import { nonNegativeNumber, positiveNumber } from '../options/parse-values';
import { renderChangedFacts, renderDifferences } from '../results/comparison-tables';

interface CompareFlags {
  readonly maxSlowdown: number;
  readonly maxAccuracyDrop: number;
  readonly json?: boolean;
}

const EXAMPLES = `
A figure is a regression where it is worse beyond its limit and its 95% interval over the seeds of
both runs excludes "no difference". Times and accuracies of different machines decide nothing. With one seed, no time has an interval; run at least three.

Examples:
  $ dlcmp compare results/main results/branch
  $ dlcmp compare results/main results/branch --max-slowdown 1.05 --max-accuracy-drop 0.5
`;

export function addCompareCommand(program: Command): void {
  program
    .command('compare')
    .summary('hold a run against an earlier one')
    .description(
      'Compares two runs contender by contender, paired by seed where seeds match, and shows what else changed. Exits 1 on a regression, or where an adapter no longer completes.',
    )
    .argument('<earlier>', 'folder of the earlier run')
    .argument('<later>', 'folder of the later run')
    .option('--max-slowdown <RATIO>', 'later time over earlier time', positiveNumber, 1.1)
    .option('--max-accuracy-drop <POINTS>', 'percentage points', nonNegativeNumber, 1)
    .option('--json', 'print the comparison as JSON')
    .addHelpText('after', EXAMPLES)
    .action(async (earlier: string, later: string, flags: CompareFlags) => {
      process.exitCode = await compare(earlier, later, flags);
    });
}

async function compare(earlier: string, later: string, flags: CompareFlags): Promise<number> {
  const [before, after] = [await readResults(earlier), await readResults(later)];
  const comparison = compareRuns(before, after, flags);
  const changes = changedFacts(before, after);
  const regressed = hasRegression(comparison);
  const json = JSON.stringify({ ...comparison, changes, regressed }, null, 2);
  process.stdout.write(flags.json ? `${json}\n` : describe(comparison, changes, regressed));
  return regressed ? EXIT.failure : EXIT.success;
}

/** Who no longer completes has regressed on whatever machine. */
function hasRegression({ differences, lost }: RunComparison): boolean {
  return lost.length > 0 || differences.some(({ verdict }) => verdict === 'regression');
}

const OTHER_MACHINE =
  'NOT DECIDED: the runs were made on different machines, which differ by more than builds do. "dlcmp ab" holds two builds against each other on one.';

function verdict(regressed: boolean): string {
  return regressed ? 'REGRESSION beyond the limits.' : 'No regression beyond the limits.';
}

function describe(
  comparison: RunComparison,
  changes: readonly ChangedFact[],
  regressed: boolean,
): string {
  const { lost, unpaired } = comparison;
  return [
    renderDifferences(comparison),
    ...lost.map((name) => `${name} completed in the earlier run and not in the later one.`),
    ...unpaired.map(
      (name) =>
        `${name} has no seed in both runs: compared without pairs, by Welch's wider interval.`,
    ),
    changes.length > 0 ? renderChangedFacts(changes) : 'Configuration, machine and versions agree.',
    ...(comparison.sameMachines ? [] : [OTHER_MACHINE]),
    ...(comparison.sameMachines || regressed ? [verdict(regressed)] : []),
    '',
  ].join('\n');
}
