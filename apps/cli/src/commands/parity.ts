import {
  compareOutcomes,
  isWithinTolerance,
  PARITY_TOLERANCE,
  type ParityErrors,
  type RecordedTrajectory,
  readRecordedTrajectory,
  runInProcess,
  type SelectedAdapter,
} from '@dlcmp/bench-core';
import { DlcmpError } from '@dlcmp/contract';
import type { Command } from 'commander';
import { EXIT } from '../exit-codes';
import { adaptersOption, contendersOption } from '../options/adapter-options';
import { threadCount } from '../options/parse-values';
import { selectContenders } from '../prepare/select-contenders';

interface ParityFlags {
  readonly reference: string;
  readonly contenders?: string[];
  readonly adapters?: string[];
  readonly threads: number;
}

const EXAMPLES = `
Tolerances: logits and losses ${PARITY_TOLERANCE.logits}, gradients and final weights ${PARITY_TOLERANCE.gradients}.
Each error is the largest absolute difference over the root mean square of the reference's values.

Examples:
  $ dlcmp parity --reference recorded/square-24
  $ dlcmp parity --reference recorded/square-24 --contenders onnx:graph --threads 1
`;

export function addParityCommand(program: Command): void {
  program
    .command('parity')
    .summary('hold adapters against a recorded training trajectory')
    .description(
      'Trains each adapter along a recorded trajectory (trajectory.json, init.safetensors, grad-step-1.safetensors, final.safetensors) and prints the largest errors. Exits 1 where one is beyond tolerance.',
    )
    .requiredOption('--reference <DIR>', 'folder of the recorded trajectory')
    .addOption(contendersOption('onnx,tfjs'))
    .addOption(adaptersOption())
    .option('--threads <N>', 'threads each framework may use', threadCount, 1)
    .addHelpText('after', EXAMPLES)
    .action(async (flags: ParityFlags) => {
      process.exitCode = await parity(flags);
    });
}

async function parity(flags: ParityFlags): Promise<number> {
  const adapters = await selectContenders(flags.contenders ?? flags.adapters ?? ['onnx', 'tfjs']);
  for (const { adapter } of adapters) {
    if (adapter.family !== 'cnn') {
      throw new DlcmpError(
        'INVALID_ARGUMENT',
        `--contenders: ${adapter.id} is no CNN. Choose from onnx, tfjs.`,
      );
    }
  }
  const recorded = await readRecordedTrajectory(flags.reference);
  process.stdout.write(`Reference: ${flags.reference} (${recorded.source})\n\n`);
  process.stdout.write(`${row(['', 'logits', 'losses', 'gradients', 'final weights', ''])}\n`);
  let allPassed = true;
  for (const adapter of adapters) {
    const passed = await holdAgainst(adapter, recorded, flags.threads);
    allPassed &&= passed;
  }
  const { logits, losses, gradients, finalWeights } = PARITY_TOLERANCE;
  const limits = [logits, losses, gradients, finalWeights].map((limit) => limit.toExponential(1));
  process.stdout.write(`${row(['tolerance', ...limits, ''])}\n`);
  return allPassed ? EXIT.success : EXIT.failure;
}

async function holdAgainst(
  { adapter, backend, reference }: SelectedAdapter,
  { trajectory, outcome }: RecordedTrajectory,
  threads: number,
): Promise<boolean> {
  const job = { kind: 'parity', adapter: reference, backend, threads, trajectory } as const;
  const { answer } = await runInProcess(job, { threads });
  const name = `${adapter.id}:${backend}`;
  if ('error' in answer) {
    process.stdout.write(`${name} failed: ${answer.error.message}\n`);
    return false;
  }
  const errors = compareOutcomes(answer.result, outcome);
  const passed = isWithinTolerance(errors, PARITY_TOLERANCE);
  process.stdout.write(`${errorRow(name, errors, passed)}\n`);
  return passed;
}

function errorRow(name: string, errors: ParityErrors, passed: boolean): string {
  const { logits, losses, gradients, finalWeights } = errors;
  const cells = [logits, losses, gradients, finalWeights].map((error) => error.toExponential(1));
  return row([name, ...cells, passed ? 'passed' : 'BEYOND TOLERANCE']);
}

const NAME_WIDTH = 20;
const CELL_WIDTH = 15;

function row([name = '', ...cells]: readonly string[]): string {
  return (
    name.padEnd(NAME_WIDTH) + cells.map((cell) => cell.padEnd(CELL_WIDTH)).join('')
  ).trimEnd();
}
