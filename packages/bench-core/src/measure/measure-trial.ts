import {
  type Adapter,
  type AvailableBackend,
  bytesPerImage,
  type Classifier,
  DlcmpError,
  divisionOf,
  engineOfBackend,
  type LabelledImages,
  type ModelSpec,
  type ResourceUsage,
  type TrainingImages,
} from '@dlcmp/contract';
import { measureQuality } from '../metrics/quality';
import type { EpochMeasurement, TrialMeasurements } from '../results/bench-results';
import { judgedInTf32 } from './audits/audit-definitions';
import { TrialAudit } from './audits/trial-audit';
import { type Clock, timed } from './clock';
import { measureLatency } from './latency';
import {
  type FitMeasurement,
  measureFit,
  type PacedProgress,
  type TrainingOptions,
} from './measure-fit';
import { predictBatches } from './predict-batches';
import { measureSavedModel } from './saved-model';
import { measureThroughput } from './throughput';
import type { StartEnergyWatch } from './watch-energy';

/** What one trial does; everything that decides its result. */
export interface TrialPlan {
  readonly backend: string;
  readonly spec: ModelSpec;
  readonly training: TrainingOptions;
  readonly threads: number;
  readonly inferenceBatchSize: number;
  /** Whether a GPU may compute products in TF32. Default false. */
  readonly tf32?: boolean;
  /** Where the trained model is saved. */
  readonly modelDirectory: string;
}

/** What a trial trains on and is evaluated on. */
export interface MeasuredImages {
  /** Of networks those of a file are fetched batch by batch; forests have them all in memory. */
  readonly train: TrainingImages;
  readonly test: LabelledImages;
}

/** The instruments and ears of a measurement. */
export interface TrialEnvironment {
  readonly loadAdapter: () => Promise<Adapter>;
  readonly readImages: (family: Adapter['family']) => Promise<MeasuredImages>;
  readonly clock: Clock;
  readonly readResourceUsage: () => ResourceUsage;
  readonly startEnergyWatch: StartEnergyWatch;
  readonly signal: AbortSignal;
  readonly onPhase: (phase: TrialPhase) => void;
  readonly onProgress: (progress: PacedProgress) => void;
  readonly onEpoch: (epoch: EpochMeasurement) => void;
}

/** What a trial goes through, in this order. */
export interface TrialPhases {
  /** The adapter's module. */
  readonly import: unknown;
  /** The framework is loaded and the model built. */
  readonly create: unknown;
  /** The decoded pixels are read. */
  readonly data: unknown;
  readonly train: unknown;
  /** The whole test set, in batches. */
  readonly inference: unknown;
  readonly save: unknown;
  /** One image at a time. */
  readonly latency: unknown;
  /** By batch size. */
  readonly throughput: unknown;
  /** The trained model's answers and times are checked: see `audit-definitions.ts`. */
  readonly audit: unknown;
  /** The saved model is loaded and asked again. */
  readonly reload: unknown;
}

export type TrialPhase = keyof TrialPhases;

/** Runs one trial from importing the adapter to saving the model, each phase timed apart. */
export async function measureTrial(
  plan: TrialPlan,
  environment: TrialEnvironment,
): Promise<TrialMeasurements> {
  const { clock, onPhase } = environment;
  onPhase('import');
  const imported = await timed(clock, environment.loadAdapter);
  const adapter = imported.result;
  const backend = await findBackend(adapter, plan.backend);
  onPhase('create');
  const created = await timed(clock, () =>
    adapter.create(plan.spec, { backend: plan.backend, threads: plan.threads }),
  );
  try {
    onPhase('data');
    const data = await timed(clock, () => environment.readImages(adapter.family));
    const audit = new TrialAudit(adapter.family, created.result, data.result, plan);
    const { watchSeconds, ...measured } = await measureClassifier(
      adapter,
      created.result,
      data.result,
      plan,
      environment,
      audit,
    );
    const { test } = data.result;
    const scenarios = await timed(clock, () =>
      measureScenarios(adapter, created.result, test, plan, environment, audit, measured),
    );
    return {
      family: adapter.family,
      ...whatComputes(adapter, backend),
      device: backend.device,
      versions: backend.versions,
      threads: plan.threads,
      inputHeight: plan.spec.inputHeight,
      inputWidth: plan.spec.inputWidth,
      ...measured,
      ...scenarios.result,
      notes: [...measured.notes, ...scenarios.result.notes],
      phases: {
        importSeconds: imported.seconds,
        createSeconds: created.seconds,
        dataSeconds: data.seconds,
        ...measured.phases,
        scenarioSeconds: watchSeconds + scenarios.seconds,
        watchSeconds,
      },
    };
  } finally {
    await created.result.dispose();
  }
}

/** Division and parts of `backend`, as its probe or else the adapter says. */
function whatComputes(
  { engines = [] }: Adapter,
  { name, computedBy: onThisMachine }: AvailableBackend,
): Pick<TrialMeasurements, 'division' | 'computedBy'> {
  const computedBy = onThisMachine ?? engineOfBackend(engines, name)?.computedBy;
  return computedBy ? { division: divisionOf({ computedBy }), computedBy } : {};
}

async function findBackend(adapter: Adapter, name: string): Promise<AvailableBackend> {
  const probes = await adapter.probe();
  const probe = probes.find((candidate) => candidate.name === name);
  if (probe?.available) return probe;
  throw new DlcmpError(
    'BACKEND_UNAVAILABLE',
    probe
      ? `${adapter.id} cannot use ${name}: ${probe.reason}${probe.remedy ? ` ${probe.remedy}` : ''}`
      : `${adapter.id} has no backend ${name}; it has ${probes.map((p) => p.name).join(', ')}.`,
  );
}

/** Everything that is measured once the model exists and the pixels are in memory. */
async function measureClassifier(
  adapter: Adapter,
  classifier: Classifier,
  { train, test }: MeasuredImages,
  plan: TrialPlan,
  environment: TrialEnvironment,
  audit: TrialAudit,
) {
  const { clock, onPhase } = environment;
  const { spec } = plan;
  onPhase('train');
  // A model in a process of its own is held to what that process used.
  const readUsage = async () =>
    (await classifier.resourceUsage?.()) ?? environment.readResourceUsage();
  const fit = await measureWithResources(environment.startEnergyWatch, readUsage, () =>
    measureFit({ family: adapter.family, classifier, train, test, audit, ...plan, ...environment }),
  );
  onPhase('inference');
  const inference = await measureInference(classifier, test, plan, clock);
  audit.inferred(inference.result);
  onPhase('save');
  const save = await timed(clock, () => classifier.save(plan.modelDirectory));
  const { cpuSeconds, peakRssBytes } = await readUsage();
  return {
    ...trainingFigures(fit.result, train.count),
    ...audit.record,
    watchSeconds: fit.result.watchSeconds,
    fitCpuSeconds: fit.cpuSeconds,
    fitEnergyJoules: fit.energyJoules,
    ...measureQuality(inference.result, test.labels, spec.classNames),
    inferenceSeconds: inference.seconds,
    inferenceImagesPerSecond: test.count / inference.seconds,
    inferenceBatchSize: plan.inferenceBatchSize,
    trainCount: train.count,
    testCount: test.count,
    cpuSeconds,
    peakRssBytes,
    phases: {
      firstStepSeconds: fit.result.firstStepSeconds,
      evaluationSeconds: fit.result.evaluationSeconds,
      saveSeconds: save.seconds,
    },
  };
}

/**
 * Inference as it is used, measured after all that a script would do: so neither peak memory nor
 * processor time of the trial holds it.
 */
async function measureScenarios(
  adapter: Adapter,
  classifier: Classifier,
  test: LabelledImages,
  plan: TrialPlan,
  environment: TrialEnvironment,
  audit: TrialAudit,
  measured: Parameters<TrialAudit['classifierChecks']>[1],
) {
  const { clock, onPhase } = environment;
  onPhase('latency');
  const latency = await measureLatency(classifier, test, plan.spec, clock, audit.keep);
  onPhase('throughput');
  const offline = await measureThroughput(classifier, test, plan.spec, clock, audit.keep);
  onPhase('audit');
  const checks = await audit.classifierChecks(classifier, measured, clock);
  await classifier.dispose();
  onPhase('reload');
  const reloaded = await measureSavedModel(adapter, plan, test, environment);
  const { savedModel, firstCallMs, probabilities } = reloaded;
  checks.push(...audit.savedChecks(probabilities, savedModel, measured.accuracy));
  const judged = plan.tf32 ? checks.map(judgedInTf32) : checks;
  const comparable = judged.every(({ passed }) => passed);
  return {
    ...offline,
    latency: { ...latency, firstCallMs },
    savedModel,
    checks: judged,
    comparable,
  };
}

async function measureWithResources<T>(
  startEnergyWatch: StartEnergyWatch,
  readUsage: () => Promise<ResourceUsage>,
  work: () => Promise<T>,
) {
  const energy = startEnergyWatch();
  const before = await readUsage();
  const result = await work();
  const after = await readUsage();
  return {
    result,
    cpuSeconds: after.cpuSeconds - before.cpuSeconds,
    energyJoules: energy.finish(),
  };
}

function trainingFigures(fit: FitMeasurement, trainCount: number) {
  const { trainSeconds, epochs, summary } = fit;
  const passes = Math.max(epochs.length, 1);
  return {
    trainSeconds,
    trainImagesPerSecond: (trainCount * passes) / trainSeconds,
    epochs,
    details: summary.details,
    notes: summary.notes,
  };
}

/** The whole test set in batches, after one batch that warms caches and builds sessions. */
async function measureInference(
  classifier: Classifier,
  test: LabelledImages,
  plan: TrialPlan,
  clock: Clock,
) {
  const { spec, inferenceBatchSize } = plan;
  const count = Math.min(inferenceBatchSize, test.count);
  await classifier.predict(test.pixels.subarray(0, count * bytesPerImage(spec)), count);
  return timed(clock, () => predictBatches(classifier, test, spec, inferenceBatchSize));
}
