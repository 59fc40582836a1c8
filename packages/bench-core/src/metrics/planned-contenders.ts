import type {
  BenchResults,
  MatrixAxes,
  TrialResult,
  TrialSettings,
} from '../results/bench-results';

/** A contender that the configuration of a run asks for, whether its trials are there or not. */
export interface PlannedContender {
  readonly adapter: string;
  /** The adapter's id where none of its trials ran. */
  readonly displayName: string;
  readonly backend: string;
  readonly contender?: string | undefined;
  readonly settings?: TrialSettings | undefined;
}

/**
 * Whom a run was to hold, in the configuration's order. In a matrix, whether an adapter has one
 * combination of settings or all shows in its trials: without any, it stands here once, without settings.
 */
export function plannedContenders({ configuration, trials }: BenchResults): PlannedContender[] {
  return configuration.adapters.flatMap(({ adapter, backend }) => {
    const own = trials.find((trial) => trial.adapter === adapter);
    const ran = trials.find((trial) => trial.adapter === adapter && trial.backend === backend);
    const { displayName = adapter, contender } = ran ?? {};
    return plannedSettings(configuration.matrix, own).map((settings) => ({
      ...{ adapter, displayName, backend, contender },
      settings,
    }));
  });
}

function plannedSettings(
  matrix: MatrixAxes | undefined,
  own: TrialResult | undefined,
): (TrialSettings | undefined)[] {
  if (!own?.settings) return [undefined];
  return !matrix || own.settings.batchSize === null ? [own.settings] : combinations(matrix);
}

/** Every combination of the axes' values. */
export function combinations(axes: MatrixAxes): TrialSettings[] {
  const { imageSizes, batchSizes, learningRates } = axes;
  return imageSizes.flatMap((imageSize) =>
    batchSizes.flatMap((batchSize) =>
      learningRates.map((learningRate) => ({ imageSize, batchSize, learningRate })),
    ),
  );
}
