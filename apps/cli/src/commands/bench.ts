import { existsSync } from 'node:fs';
import { join, relative } from 'node:path';
import {
  assertResumable,
  type BenchCommand,
  type BenchEvent,
  type BenchPlan,
  type BenchResults,
  blocksBegunElsewhere,
  claimOutputFolder,
  describeMachine,
  gateCacheIn,
  type MachineSummary,
  RESULTS_FILE_NAME,
  readResults,
  runBench,
} from '@dlcmp/bench-core';
import { assertArgument, defaultCacheDirectory, isDlcmpError } from '@dlcmp/contract';
import { createReport } from '@dlcmp/report';
import type { Command } from 'commander';
import { EXIT } from '../exit-codes';
import { addBenchOptions, type BenchFlags } from '../options/bench-options';
import { assertNoTaskAsSeeds } from '../options/seeds-of-array';
import { typedOptions } from '../options/typed-options';
import { chooseDataset } from '../prepare/choose-dataset';
import { assertNoRun, DEFAULT_OUT, moveRunAside, removeRun } from '../prepare/earlier-run';
import { planBench } from '../prepare/plan-bench';
import { benchProgress } from '../progress/bench-progress';
import { interruptedStatus, interruptSignal } from '../progress/interrupt-signal';
import { printJsonEvent, printJsonEvents } from '../progress/json-events';
import { printResults } from '../results/print-results';
import { REPORT_FILES, writeReport } from '../results/write-report';
import { benchOnSlurm } from '../slurm/bench-on-slurm';
import { connectMlflow, type MlflowTracker } from '../trackers/mlflow';
import { openTensorboard } from '../trackers/tensorboard';
import { readVersion } from '../version';

const EXAMPLES = `
Examples:
  $ dlcmp bench                                        the built-in sample set, all adapters
  $ dlcmp bench --data data --limit 1200 --epochs 3    a part of the Intel images
  $ dlcmp bench --contenders onnx:graph,tfjs:stock,pytorch --seeds 3 --out results/cnns
  $ dlcmp bench --out results/cnns --contenders onnx:graph,tfjs:stock,pytorch --seeds 3 --resume
  $ dlcmp bench --seeds 10 --shard 2/5 --out results/part-2    two of ten seeds; then "dlcmp merge"
  $ dlcmp bench --seeds 10 --runner slurm --slurm-option --partition=cpu --out results/study
  $ dlcmp bench --matrix sizes.yaml --out results/sizes    imageSizes: [32, 64, 150]
  $ dlcmp bench --scenario soak --requests 100000 --image-size 32    does memory grow?
  $ dlcmp bench --scenario server --network mobilenet-v2 --epochs 1    what rate can a server keep?
  $ dlcmp bench --json --quiet | jq 'select(.event == "epoch")'
`;

export function addBenchCommand(program: Command): void {
  const command = program
    .command('bench')
    .summary('train and evaluate every adapter on the same images, and compare')
    .description(
      `Trains and evaluates every adapter on the same images, one process a trial, and reports training time, inference time, total time and accuracy. Writes results.json, ${REPORT_FILES} and the trained models to --out.`,
    );
  addBenchOptions(command)
    .addHelpText('after', EXAMPLES)
    .action(async (flags: BenchFlags, self: Command) => {
      process.exitCode = await bench(flags, typedOptions(self));
    });
}

async function bench(given: BenchFlags, options: readonly string[]): Promise<number> {
  assertNoTaskAsSeeds(given);
  if (given.runner === 'slurm') return benchOnSlurm(given, options);
  assertArgument(
    given.slurmOption === undefined,
    '--slurm-option is for sbatch: add --runner slurm, or leave it out.',
  );
  const signal = interruptSignal();
  const contenders = given.contenders ?? given.adapters;
  const flags = { ...given, ...(contenders && { contenders }), out: given.out ?? DEFAULT_OUT };
  const mayReplace = given.resume || given.force || given.out === undefined;
  if (!mayReplace) await assertNoRun(flags.out);
  let release = await claimOutputFolder(flags.out);
  try {
    const mlflow = flags.mlflow === undefined ? undefined : await connectMlflow(flags.mlflow);
    const { plan: study, notes } = await planBench(flags, signal);
    const plan = { ...study, command: { version: readVersion(), options } satisfies BenchCommand };
    if (!flags.quiet) for (const note of notes) process.stderr.write(`${note}\n`);
    if (!flags.resume && mayReplace) {
      await release();
      await makeRoom(flags);
      release = await claimOutputFolder(flags.out);
    }
    const tensorboard =
      flags.tensorboard === undefined ? [] : [await openTensorboard(flags.tensorboard)];
    const results = await run(plan, flags, signal, tensorboard);
    // Drawing takes longer than whoever pressed Ctrl-C wants to wait.
    if (signal.aborted) return interrupted(flags);
    const status = await show(plan, results, flags);
    return mlflow ? await logTo(mlflow, results, flags, status) : status;
  } finally {
    await release();
  }
}

type ResolvedFlags = BenchFlags & { readonly out: string };

/** An earlier run is replaced where --force says so, else kept beside. */
async function makeRoom({ out, force, quiet }: ResolvedFlags): Promise<void> {
  if (force) return removeRun(out);
  const kept = await moveRunAside(out);
  if (kept && !quiet) process.stderr.write(`The run that ${out} held was moved to ${kept}.\n`);
}

/** The run is done and written: a server that fails now takes nothing away. */
async function logTo(
  mlflow: MlflowTracker,
  results: BenchResults,
  { out }: ResolvedFlags,
  status: number,
): Promise<number> {
  try {
    await mlflow.log(results);
    return status;
  } catch (error) {
    if (!isDlcmpError(error)) throw error;
    process.stderr.write(`error: ${error.message} The run itself is complete, in ${out}.\n`);
    return EXIT.failure;
  }
}

async function run(
  plan: BenchPlan,
  flags: ResolvedFlags,
  signal: AbortSignal,
  trackers: readonly ((event: BenchEvent) => void)[],
): Promise<BenchResults> {
  const machine = await describeMachine(flags.machine);
  const earlier = flags.resume ? await readEarlier(plan, machine, flags) : undefined;
  const listeners = [benchProgress(flags), ...(flags.json ? [printJsonEvents] : []), ...trackers];
  return runBench(plan, {
    ...{ machine, earlier, signal },
    gateCache:
      flags.gateCache === false ? undefined : gateCacheIn(join(defaultCacheDirectory(), 'gate')),
    onEvent: (event) => {
      for (const listen of listeners) listen(event);
    },
  });
}

async function show(plan: BenchPlan, results: BenchResults, flags: ResolvedFlags): Promise<number> {
  const report = createReport(results);
  if (flags.report !== false) {
    const seed = plan.configuration.seeds[0];
    const { dataset } = await chooseDataset(flags.data, { ...flags, quiet: true, seed });
    await writeReport(plan.outputDirectory, report, dataset);
  }
  if (flags.json) {
    printJsonEvent({
      event: 'finished',
      at: new Date().toISOString(),
      resultsFile: join(plan.outputDirectory, RESULTS_FILE_NAME),
      completed: results.trials.filter(({ status }) => status === 'completed').length,
      total: results.trials.length,
      notComparable: report.contenders
        .filter(({ comparable }) => !comparable)
        .map(({ key }) => key),
    });
  } else printResults(report);
  if (!flags.quiet) process.stderr.write(`\nWritten to ${relative('.', plan.outputDirectory)}\n`);
  return results.trials.every((trial) => trial.status === 'completed' && trial.comparable !== false)
    ? EXIT.success
    : EXIT.failure;
}

/** Nothing where the run ended before it had written anything. */
async function readEarlier(
  plan: BenchPlan,
  machine: MachineSummary,
  { quiet }: BenchFlags,
): Promise<BenchResults | undefined> {
  if (!existsSync(join(plan.outputDirectory, RESULTS_FILE_NAME))) {
    if (!quiet) process.stderr.write('There are no results to go on from: the run begins anew.\n');
    return undefined;
  }
  const earlier = await readResults(plan.outputDirectory);
  assertResumable(plan, earlier);
  const again = blocksBegunElsewhere(plan, earlier, machine.name);
  if (again.length > 0 && !quiet) {
    const seeds = again.join(', ');
    process.stderr.write(`Begun on another machine, run here anew: all of seed ${seeds}.\n`);
  }
  return earlier;
}

function interrupted({ out }: ResolvedFlags): number {
  process.stderr.write(
    `Interrupted. What is done is in ${out}: go on with the same options and --resume, or draw it with "dlcmp report ${out}".\n`,
  );
  return interruptedStatus();
}
