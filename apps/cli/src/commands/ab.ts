import { resolve } from 'node:path';
import {
  type BenchPlan,
  claimOutputFolder,
  compareSides,
  describeMachine,
  runBench,
  type SelectedAdapter,
  SIDE_FIGURES,
} from '@dlcmp/bench-core';
import { assertArgument } from '@dlcmp/contract';
import { createReport } from '@dlcmp/report';
import type { Command } from 'commander';
import { isRegression, renderSides } from '../ab/ab-table';
import { openSide } from '../ab/side-folder';
import { fromBothSides, sidesOf } from '../ab/two-sides';
import { ADAPTER_NAMES } from '../adapter-registry';
import { EXIT } from '../exit-codes';
import { contendersOption } from '../options/adapter-options';
import { addTrainingOptions, type TrainingFlags } from '../options/bench-options';
import { seedList, wholeNumber } from '../options/parse-values';
import { assertNoRun, moveRunAside, removeRun } from '../prepare/earlier-run';
import { findDataset } from '../prepare/find-dataset';
import { planBench } from '../prepare/plan-bench';
import { defaultContenders, selectContenders } from '../prepare/select-contenders';
import { benchProgress } from '../progress/bench-progress';
import { interruptedStatus, interruptSignal } from '../progress/interrupt-signal';
import { writeReport } from '../results/write-report';

interface AbFlags extends TrainingFlags {
  readonly contenders?: readonly string[];
  readonly seeds: readonly number[];
  readonly repeats: number;
  readonly out?: string;
  readonly force?: boolean;
  readonly json?: boolean;
}

const DEFAULT_AB_OUT = 'results/ab';
const DEFAULT_SEEDS = 20;

const EXAMPLES = `
BASE and HEAD are each a built checkout of dlcmp, a folder where npm has installed an adapter, or a
package that npm installs. Both train with the same seeds, one after the other in random order.

Examples:
  $ dlcmp ab ../main . --contenders onnx:blocks --limit 240
  $ dlcmp ab @dlcmp/cnn-onnx@1.2.0 @dlcmp/cnn-onnx@1.3.0 --contenders onnx:graph
`;

export function addAbCommand(program: Command): void {
  const command = program
    .command('ab')
    .summary('hold one build of the adapters against another, in one study')
    .description(
      'Runs contenders from two builds in one study on this machine, and exits 1 where head is slower, or less accurate, than base beyond chance and bias.',
    )
    .argument('<base>', 'the earlier build')
    .argument('<head>', 'the later build');
  addTrainingOptions(command)
    .addOption(contendersOption('those of bench'))
    .option(
      '--seeds <N|LIST>',
      `how many seeds, or which; each is a pair of runs (default: ${DEFAULT_SEEDS})`,
      seedList,
      seedList(String(DEFAULT_SEEDS)),
    )
    .option('--repeats <N>', 'pairs of each seed', wholeNumber(1), 1)
    .option('--out <DIR>', `where the study goes (default: ${DEFAULT_AB_OUT})`)
    .option('--force', 'replace the run that --out holds')
    .option('--json', 'print the comparison as JSON')
    .addHelpText('after', EXAMPLES)
    .action(async (base: string, head: string, flags: AbFlags) => {
      process.exitCode = await ab(base, head, flags);
    });
}

async function ab(base: string, head: string, flags: AbFlags): Promise<number> {
  const signal = interruptSignal();
  const names = flags.contenders ?? (await defaultContenders(ADAPTER_NAMES));
  assertEnoughPairs(names.length, flags);
  const out = flags.out ?? DEFAULT_AB_OUT;
  if (flags.force) await removeRun(out);
  else if (flags.out === undefined) await moveRunAside(out);
  else await assertNoRun(out);
  const sides = [await openSide(base)];
  const release = await claimOutputFolder(out);
  try {
    sides.push(await openSide(head));
    const folders = { base: sides[0]!.folder, head: sides[1]!.folder };
    const own: SelectedAdapter[] = [];
    const { plan } = await planBench(
      { ...flags, contenders: names, out, track: 'parity' },
      signal,
      async (asked, _, task) => {
        const selected = await selectContenders(asked, undefined, task);
        own.splice(0, own.length, ...selected);
        return (await Promise.all(selected.map((each) => fromBothSides(each, folders)))).flat();
      },
    );
    return await compare({ ...plan, outputDirectory: resolve(out) }, own, flags, signal);
  } finally {
    await release();
    for (const side of sides) await side.remove();
  }
}

async function compare(
  plan: BenchPlan,
  own: readonly SelectedAdapter[],
  { json, quiet }: AbFlags,
  signal: AbortSignal,
): Promise<number> {
  const onEvent = benchProgress({ quiet });
  const results = await runBench(plan, { machine: await describeMachine(), signal, onEvent });
  if (signal.aborted) return interruptedStatus();
  const rows = compareSides(results, sidesOf(own));
  await writeReport(plan.outputDirectory, createReport(results), await findDataset(results, {}));
  const text = json ? `${JSON.stringify(rows, null, 2)}\n` : renderSides(rows, results.trials);
  process.stdout.write(text);
  return rows.some(isRegression) ? EXIT.failure : EXIT.success;
}

/** Figures that are asked for of each contender. */
const FIGURES = Object.keys(SIDE_FIGURES).length;

/** With too few even pairs that all say the same would not be beyond chance. */
function assertEnoughPairs(contenders: number, { seeds, repeats }: AbFlags): void {
  const least = Math.floor(Math.log2((FIGURES * contenders) / 0.05)) + 1;
  const pairs = seeds.length * repeats;
  assertArgument(
    pairs >= least,
    `--seeds: ${pairs} pairs can show no regression beyond chance; ${contenders} contenders need at least ${least}. Add --seeds ${Math.max(least, DEFAULT_SEEDS)}, or name fewer --contenders.`,
  );
}
