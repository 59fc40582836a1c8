import {
  type BenchResults,
  type Contender,
  contenderTitle,
  failedChecks,
  isBlanketFailure,
  type MachineSummary,
  machineShares,
} from '@dlcmp/bench-core/results';
import { counted, printableName } from '@dlcmp/contract';
import { formatNumber } from './format-number';
import type { Report } from './report';

const SEPARATOR = ', ';

/** What stands over a report. */
export function reportTitle(datasetName: string): string {
  return `Image classification on data set ${datasetName}`;
}

/** The data set and its size; says where its images are synthetic. */
export function describeDataset({ dataset }: BenchResults): string {
  const { synthetic, classNames, trainCount, testCount, skipped } = dataset;
  return [
    ...(synthetic ? ['synthetic sample images'] : []),
    `${formatNumber(trainCount)} training and ${counted(testCount, 'test image')}`,
    counted(classNames.length, 'class', 'classes'),
    ...(skipped.length > 0 ? [`${counted(skipped.length, 'bad image')} left out`] : []),
  ].join(SEPARATOR);
}

/** How every adapter was trained. */
export function describeTraining({ configuration }: BenchResults): string {
  const {
    epochs,
    batchSize,
    imageSize,
    forestImageSize,
    learningRate,
    seeds,
    repeats,
    track,
    tf32,
  } = configuration;
  return [
    `${track} track`,
    counted(epochs, 'epoch'),
    `batch size ${batchSize}`,
    `learning rate ${learningRate}`,
    seeds.length === 1 ? `seed ${seeds[0]}` : `${seeds.length} seeds`,
    ...(repeats === undefined ? [] : [`${counted(repeats, 'run')} a seed`]),
    `CNN on ${imageSize}×${imageSize} pixels`,
    `forest on ${forestImageSize}×${forestImageSize}`,
    ...(tf32 === undefined ? [] : [tf32 ? 'GPUs compute in TF32' : 'GPUs compute in float32']),
  ].join(SEPARATOR);
}

/** Where the figures were measured; of several machines their names. */
export function describeMachine(results: BenchResults): string {
  const machines = machineShares(results).map(({ machine }) => machine);
  const [only] = machines as [MachineSummary];
  if (machines.length === 1) return describeOneMachine(only, results);
  return `${machines.length} machines: ${machines.map(machineName).join(SEPARATOR)}`;
}

export function machineName({ name }: MachineSummary): string {
  return printableName(name ?? 'a machine without a name');
}

/** What one machine is, without its name. */
export function describeOneMachine(
  machine: MachineSummary,
  { configuration }: BenchResults,
): string {
  return [
    machine.cpuModel,
    ...machine.gpus,
    `${counted(configuration.threads, 'thread')} on ${counted(machine.coresAllowed, 'core')}`,
    `${formatNumber(machine.memoryBytes / 2 ** 30, 1)} GiB`,
    machine.os,
    `Node.js ${machine.nodeVersion}`,
  ].join(SEPARATOR);
}

/** The sentence that must stand over figures of which some may not be compared. */
export function incomparableWarning({
  results: { parityGate },
  contenders,
}: Pick<Report, 'results' | 'contenders'>): string | undefined {
  const named = contenders.filter(({ comparable }) => !comparable).map(incomparable);
  if (named.length > 0) return `NOT COMPARABLE: ${named.join('; ')}.`;
  return gateWarning(parityGate);
}

/** The sentence in place of an answer where the parity gate let nothing through, naming nobody. */
export function gateWarning(gate: BenchResults['parityGate']): string | undefined {
  return isBlanketFailure(gate) ? `NOT COMPARABLE: parity gate failed. ${gate.reason}` : undefined;
}

/** Checks that a heading tells; warnings tell the others. */
const TOLD_CHECKS = 2;

/** `ONNX Runtime (CNN) on cpu, which fails first-losses (0.0042, at most 0.0016) and 3 checks more` */
function incomparable(contender: Contender): string {
  const checks = failedChecks(contender).map(({ id, figure, limit }) => {
    const [found, allowed] = [figure, limit].map((value) =>
      value === null ? 'none' : Number(value.toPrecision(3)),
    );
    return `${id} (${found}, at most ${allowed})`;
  });
  const told = checks.slice(0, TOLD_CHECKS);
  const more = checks.length - told.length;
  const rest = more === 0 ? '' : ` and ${counted(more, 'check')} more`;
  return `${contenderTitle(contender)}, which fails ${told.join(', ')}${rest}`;
}
