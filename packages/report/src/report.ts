import {
  type AdapterComparison,
  type BenchResults,
  type Contender,
  collectWarnings,
  compareAdapters,
  contenderTitle,
  type FigureSummary,
  type FirstEpochLosses,
  firstEpochLosses,
  fittingMetrics,
  groupByContender,
  type MachineSummary,
  type MetricId,
  machineShares,
  type NodeAgainstPython,
  nodeAgainstPython,
  type PeerClocks,
  peerClocks,
  type ResultWarning,
  type RunMetrics,
  summariseFigures,
  summariseTimeToAccuracy,
  type TimeToAccuracySummary,
} from '@dlcmp/bench-core/results';
import { printableName } from '@dlcmp/contract';
import { type Answer, answerOf } from './answer';
import { type GalleryImage, selectGalleryImages } from './gallery';

/** A contender with all that is told of it. */
export interface ReportedContender extends Contender {
  /** `ONNX Runtime, own operators (onnx:graph)`, and `, not comparable` where a check failed. */
  readonly title: string;
  /** Undefined where none of its trials completed. */
  readonly figures: Readonly<Record<MetricId, FigureSummary>> | undefined;
  /** Undefined where no target was asked for, or none of its trials completed. */
  readonly timeToAccuracy: TimeToAccuracySummary | undefined;
}

/** One of several machines of a study, with its own figures: times of two machines are never in one row. */
export interface ReportedMachine {
  readonly machine: MachineSummary;
  readonly seeds: readonly number[];
  readonly contenders: readonly ReportedContender[];
}

/** What table, page, pictures and summary are drawn from: a run, and all that is worked out from it. */
export interface Report {
  readonly results: BenchResults;
  /** In running order; then those of which no trial is there. */
  readonly contenders: readonly ReportedContender[];
  /** Empty where all ran on one. */
  readonly machines: readonly ReportedMachine[];
  /** In the units that fit this run. */
  readonly metrics: RunMetrics;
  /** Whether a contender completed several seeds: only then is there a spread to speak of. */
  readonly hasSpread: boolean;
  readonly comparisons: readonly AdapterComparison[];
  readonly nodeAgainstPython: readonly NodeAgainstPython[];
  readonly peerClocks: readonly PeerClocks[];
  readonly firstEpochLosses: FirstEpochLosses | undefined;
  readonly warnings: readonly ResultWarning[];
  readonly answer: Answer;
  readonly galleryImages: readonly GalleryImage[];
  /** One line that can be shown. */
  readonly datasetName: string;
  /** By label, each one line that can be shown, the long ones cut. */
  readonly classNames: readonly string[];
}

const LONGEST_NAME = 60;

/** Works out, once, everything that is told of `results`. */
export function createReport(results: BenchResults): Report {
  const groups = groupByContender(results);
  const metrics = fittingMetrics(groups);
  const contenders = groups.map((contender) => reported(contender, metrics));
  const comparisons = compareAdapters(results);
  return {
    results,
    contenders,
    machines: reportedMachines(results, metrics),
    metrics,
    hasSpread: contenders.some(({ completed }) => completed.length > 1),
    comparisons,
    nodeAgainstPython: nodeAgainstPython(results, comparisons),
    peerClocks: peerClocks(results),
    firstEpochLosses: firstEpochLosses(results),
    warnings: collectWarnings(results),
    answer: answerOf(results, contenders, comparisons),
    galleryImages: selectGalleryImages(results, contenders),
    datasetName: printableName(results.dataset.name, LONGEST_NAME),
    classNames: results.dataset.classNames.map((name) => printableName(name, LONGEST_NAME)),
  };
}

function reported(contender: Contender, metrics: RunMetrics): ReportedContender {
  return {
    ...contender,
    title: `${contenderTitle(contender)}${contender.comparable ? '' : ', not comparable'}`,
    figures: summariseFigures(contender, metrics),
    timeToAccuracy: summariseTimeToAccuracy(contender.completed),
  };
}

function reportedMachines(results: BenchResults, metrics: RunMetrics): ReportedMachine[] {
  const shares = machineShares(results);
  if (shares.length < 2) return [];
  return shares.map(({ machine, trials }) => {
    const seeds = [...new Set(trials.map(({ seed }) => seed))];
    const configuration = { ...results.configuration, seeds };
    const own = groupByContender({ ...results, machine, trials, configuration });
    return { machine, seeds, contenders: own.map((each) => reported(each, metrics)) };
  });
}
