import { holmCorrection, pairedRatio } from '@dlcmp/bench-core';
import type {
  InferenceAnswered,
  InferenceComparison,
  InferenceFigure,
  InferenceMeasurement,
  InferenceRun,
} from '@dlcmp/bench-core/results';

/** Fewer processes name no winner. */
const FEWEST_PROCESSES = 3;

/** Of naming a winner by chance, after the correction over all pairs: the rule of `bench`. */
const FALSE_WINNER_RATE = 0.04;

const FIGURES: Readonly<
  Record<InferenceFigure, (one: InferenceMeasurement) => number | undefined>
> = {
  latency: ({ p50Ms }) => p50Ms,
  throughput: ({ throughput }) => {
    const batch = throughput.find(({ batchSize }) => batchSize === 32);
    return batch && 1 / batch.imagesPerSecond;
  },
};

/** Every pair of runs that were measured, figure by figure: ratios of times, paired by round. */
export function compareRuns(runs: readonly InferenceRun[]): InferenceComparison[] {
  const measured = runs.filter(
    (run): run is InferenceAnswered => run.status === 'answered' && run.measured.length > 0,
  );
  return (Object.keys(FIGURES) as InferenceFigure[]).flatMap((figure) =>
    compareBy(figure, measured),
  );
}

function compareBy(
  figure: InferenceFigure,
  runs: readonly InferenceAnswered[],
): InferenceComparison[] {
  const pairs = runs.flatMap((left, index) =>
    runs.slice(index + 1).flatMap((right) => {
      const times = pairTimes(figure, left, right);
      return times.length === 0 ? [] : [{ left, right, times }];
    }),
  );
  const ratios = pairs.map(({ times }) =>
    pairedRatio(
      times.map(([left]) => left),
      times.map(([, right]) => right),
    ),
  );
  const corrected = holmCorrection(ratios.map(({ pValue }) => pValue ?? 1));
  return pairs.map(({ left, right, times }, index) => {
    const { logDeviation: _, ...ratio } = ratios[index] as (typeof ratios)[number];
    const correctedPValue = ratio.pValue === null ? null : (corrected[index] as number);
    const isTold =
      times.length >= FEWEST_PROCESSES &&
      correctedPValue !== null &&
      correctedPValue < FALSE_WINNER_RATE;
    const winner = isTold ? (ratio.ratio < 1 ? 'left' : 'right') : null;
    return { left: left.title, right: right.title, figure, ratio, correctedPValue, winner };
  });
}

function pairTimes(figure: InferenceFigure, left: InferenceAnswered, right: InferenceAnswered) {
  const pairs = left.measured.map((one, round) => {
    const other = right.measured[round];
    return [FIGURES[figure](one), other && FIGURES[figure](other)] as const;
  });
  return pairs.filter((pair): pair is readonly [number, number] =>
    pair.every((time) => time !== undefined),
  );
}
