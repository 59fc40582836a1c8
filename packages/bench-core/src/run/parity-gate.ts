import { join } from 'node:path';
import { peakRate } from '../measure/measure-fit';
import type { GateOutcome } from '../parity/gate/gate-outcome';
import { type GatePlan, planGate, trainsBatchNorm } from '../parity/gate/gate-plan';
import { judgeGate, type Observed, type Reference } from '../parity/gate/judge-gate';
import { selfChecks } from '../parity/gate/self-checks';
import type {
  GatedContender,
  ParityGate,
  TrialError,
  TrialSettings,
} from '../results/bench-results';
import type { BenchPlan, SelectedAdapter } from './bench-plan';
import type { GateCache } from './gate-cache';
import { gateFingerprint } from './gate-fingerprint';
import { type GateFiles, writeGateImages } from './gate-images';
import { describeGate, notApplicable } from './gate-words';
import { planAt, settingsOf } from './matrix';
import type { RunInProcess } from './run-in-process';
import { createTrialJob } from './trial-settings';

/** What the reference may take before anything is timed, and where contenders disagree and no majority is right. */
const REFERENCE_SECONDS = 10;
const ARBITRATION_SECONDS = 90;
/** TF32 rounds factors to 10 bits in the place of 23; errors of sums grow less than that. */
const TF32_SLACK = 50;

const REFERENCE_NAME = 'the reference in float64';

interface GateOptions {
  readonly signal?: AbortSignal | undefined;
  /** Where verdicts are kept. Default: nowhere, the gate runs. */
  readonly cache?: GateCache | undefined;
}

/**
 * Has every CNN train and predict as it will be timed, on a few batches of the run's own images, each in a process of its own,
 * and holds what they computed against one another and against a reference in float64. In a matrix, once for each of its
 * settings.
 */
export async function runParityGate(
  plan: BenchPlan,
  { signal, cache }: GateOptions,
  run: RunInProcess,
): Promise<ParityGate> {
  const cnns = plan.adapters.filter(({ adapter }) => adapter.family === 'cnn');
  const [first] = cnns;
  if (plan.configuration.track === 'defaults')
    return notApplicable('The defaults track gives each framework its own settings, by design.');
  if (!first) return notApplicable('No CNN takes part.');
  const contenders: GatedContender[] = [];
  for (const settings of settingsOf(plan, first)) {
    const at = planAt(plan, settings);
    contenders.push(...(await gateSettings(at, cnns, settings, { signal, cache }, run)));
  }
  if (signal?.aborted) return notApplicable('The run was interrupted.');
  return describeGate(contenders);
}

async function gateSettings(
  plan: BenchPlan,
  cnns: readonly SelectedAdapter[],
  settings: TrialSettings | undefined,
  { signal, cache }: GateOptions,
  run: RunInProcess,
): Promise<readonly GatedContender[]> {
  const [seed = 0] = plan.configuration.seeds;
  const { plan: trial, train, test } = createTrialJob(plan, cnns[0] as SelectedAdapter, seed);
  const counts = { trainCount: train.count, testCount: test.count };
  const gate = planGate(trial, counts, REFERENCE_SECONDS);
  const folder = join(plan.outputDirectory, '.gate');
  const files = await writeGateImages({ size: trial.spec, train, test }, gate, folder);
  const tell = (found: readonly GatedContender[]) =>
    settings ? found.map((each) => ({ ...each, settings })) : found;
  try {
    const { tf32 = false } = plan.configuration;
    const fingerprint = cache && (await gateFingerprint(gate, files, cnns, tf32));
    const known = fingerprint && (await cache.find(fingerprint));
    if (known) return tell(known);
    const ranAt = new Date().toISOString();
    const observed: Ran[] = [];
    for (const cnn of cnns) observed.push(await observe(cnn, gate, files, plan, signal, run));
    const found = await judge(observed, gate, files, signal, run);
    // Who failed shall be able to try again, and a fault that comes and goes be seen.
    if (fingerprint && !signal?.aborted && found.every(({ passed }) => passed))
      await cache.keep(
        fingerprint,
        found.map((each) => ({ ...each, ranAt })),
      );
    return tell(found);
  } finally {
    await files.remove();
  }
}

type Ran = { readonly name: string } & (Observed | { readonly error: TrialError });

async function observe(
  { contender: name, backend, reference }: SelectedAdapter,
  gate: GatePlan,
  { train, test }: GateFiles,
  { configuration }: BenchPlan,
  signal: AbortSignal | undefined,
  run: RunInProcess,
): Promise<Ran> {
  const job = {
    kind: 'gate',
    adapter: reference,
    gate: { ...gate, backend },
    train,
    test,
  } as const;
  const { answer } = await run(job, { threads: gate.threads, signal });
  if ('error' in answer) return { name, error: answer.error };
  const isRounded = configuration.tf32 === true && /(^|@)cuda$/.test(backend);
  const { result } = answer;
  return {
    ...{ name, outcome: result },
    slack: isRounded ? TF32_SLACK : 1,
    learningRate: peakRate(gate.training),
    trainsBatchNorm: trainsBatchNorm(gate),
    ownChecks: selfChecks(result, gate),
  };
}

async function judge(
  ran: readonly Ran[],
  gate: GatePlan,
  files: GateFiles,
  signal: AbortSignal | undefined,
  run: RunInProcess,
): Promise<GatedContender[]> {
  const observed = ran.filter((contender) => 'outcome' in contender);
  const ask = (seconds: number) => askReference(gate, files, seconds, signal, run);
  const first = observed.length === 0 ? undefined : await ask(REFERENCE_SECONDS);
  let judgement = judgeGate(observed, first);
  if (judgement.undecided)
    judgement = judgeGate(observed, (await ask(ARBITRATION_SECONDS)) ?? first);
  return ran.map((contender) => {
    const checks =
      'error' in contender
        ? [failure(contender.error)]
        : (judgement.checks.get(contender.name) ?? []);
    const passed = checks.every((check) => check.passed);
    return { contender: contender.name, passed, checks };
  });
}

async function askReference(
  gate: GatePlan,
  { train, test }: GateFiles,
  seconds: number,
  signal: AbortSignal | undefined,
  run: RunInProcess,
): Promise<Reference | undefined> {
  const job = { kind: 'reference', gate, train, test, seconds } as const;
  const { answer } = await run(job, { threads: 1, signal });
  return 'result' in answer
    ? { name: REFERENCE_NAME, outcome: answer.result as GateOutcome }
    : undefined;
}

/** Its detail begins with a line for people; what the process wrote to standard error follows. */
function failure({ message, stderrTail }: TrialError): GatedContender['checks'][number] {
  return {
    ...{
      id: 'ran',
      proves: 'it can go through the gate',
      passed: false,
      figure: null,
      limit: null,
    },
    detail: `${message}\n${stderrTail}`.trimEnd(),
  };
}
