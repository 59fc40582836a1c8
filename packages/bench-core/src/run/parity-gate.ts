import { compareOutcomes, isWithinTolerance, PARITY_TOLERANCE } from '../parity/compare-outcomes';
import { createGateTrajectory, type TrajectoryOutcome } from '../parity/trajectory';
import type {
  ParityComparison,
  ParityErrors,
  ParityGate,
  TrialError,
} from '../results/bench-results';
import type { SelectedAdapter } from './bench-plan';
import type { RunInProcess } from './run-in-process';

interface GateOptions {
  readonly classNames: readonly string[];
  readonly seed: number;
  readonly threads: number;
  readonly signal?: AbortSignal | undefined;
}

type Contender = { readonly name: string } & (
  | { readonly outcome: TrajectoryOutcome }
  | { readonly error: TrialError }
);

/**
 * Has every CNN train the same few steps at a small size, each in a process of its own, and holds
 * what they computed against one another. Whoever can't run is left to fail as a trial.
 */
export async function runParityGate(
  adapters: readonly SelectedAdapter[],
  options: GateOptions,
  run: RunInProcess,
): Promise<ParityGate> {
  const cnns = adapters.filter((selected) => selected.adapter.family === 'cnn');
  if (cnns.length < 2) return notApplicable('Fewer than two CNNs take part.');
  const contenders: Contender[] = [];
  for (const cnn of cnns) contenders.push(await replay(cnn, options, run));
  return judge(contenders);
}

/** The verdict where nothing was compared. */
export function notApplicable(reason: string): ParityGate {
  return { status: 'not-applicable', reason, tolerance: PARITY_TOLERANCE, comparisons: [] };
}

async function replay(
  { adapter, backend, reference }: SelectedAdapter,
  { classNames, seed, threads, signal }: GateOptions,
  run: RunInProcess,
): Promise<Contender> {
  const trajectory = createGateTrajectory(classNames, seed);
  const job = { kind: 'parity', adapter: reference, backend, threads, trajectory } as const;
  const { answer } = await run(job, { threads, signal });
  const name = `${adapter.id}:${backend}`;
  return 'result' in answer ? { name, outcome: answer.result } : { name, error: answer.error };
}

function judge(contenders: readonly Contender[]): ParityGate {
  const ran = contenders.filter((contender) => 'outcome' in contender);
  const failures = contenders.filter((contender) => 'error' in contender);
  const cannot = failures.map(({ name, error }) => ` ${name} could not run: ${error.message}`);
  if (ran.length < 2) {
    return notApplicable(`Fewer than two CNNs can run here.${cannot.join('')}`);
  }
  const comparisons = ran.flatMap((left, index) =>
    ran.slice(index + 1).map((right) => compare(left, right)),
  );
  const passed = comparisons.every((comparison) => comparison.withinTolerance);
  const verdict = passed
    ? 'All CNNs computed the same logits, losses, gradients and weights within tolerance.'
    : 'The CNNs did not compute the same numbers: their figures are not comparable.';
  return {
    status: passed ? 'passed' : 'failed',
    reason: `${verdict}${cannot.join('')}`,
    tolerance: PARITY_TOLERANCE,
    comparisons,
  };
}

type Ran = Extract<Contender, { outcome: TrajectoryOutcome }>;

function compare(left: Ran, right: Ran): ParityComparison {
  const errors = compareOutcomes(left.outcome, right.outcome);
  const withinTolerance = isWithinTolerance(errors, PARITY_TOLERANCE);
  return { left: left.name, right: right.name, errors: finiteOrNull(errors), withinTolerance };
}

/** JSON has no NaN and no infinity. */
function finiteOrNull(errors: ParityErrors): ParityComparison['errors'] {
  const finite = (value: number) => (Number.isFinite(value) ? value : null);
  const { logits, losses, gradients, finalWeights } = errors;
  return {
    logits: finite(logits),
    losses: finite(losses),
    gradients: finite(gradients),
    finalWeights: finite(finalWeights),
  };
}
