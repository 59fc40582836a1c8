import {
  type BenchEvent,
  describeSettings,
  type EpochMeasurement,
  type PacedProgress,
  type TrialEvent,
  type TrialResult,
  type TrialTurn,
} from '@dlcmp/bench-core';
import { printable, printableName } from '@dlcmp/contract';
import { formatSeconds } from '@dlcmp/report';
import {
  type ProgressLine,
  type ProgressStream,
  startProgress,
  say as writeLine,
} from './progress-line';

interface ProgressOptions {
  readonly quiet?: boolean | undefined;
  /** Default: standard error. */
  readonly stream?: ProgressStream;
}

/** Draws what happens during a run on standard error. */
export function benchProgress(options: ProgressOptions): (event: BenchEvent) => void {
  if (options.quiet) return () => {};
  const { stream } = options;
  let progress = trialProgress(options);
  return (event) => {
    if (event.type === 'run-started') return;
    if (event.type === 'gate-started') {
      say('Parity gate: every CNN trains the same few steps …', stream);
    } else if (event.type === 'gate-finished') {
      say(`Parity gate: ${event.gate.status}. ${event.gate.reason}`, stream);
    } else if (event.type === 'trial-started') {
      say(`\n${title(event.trial)}`, stream);
      progress = trialProgress(options);
    } else if (event.type === 'trial-event') {
      progress.show(event.event);
    } else if (event.type === 'scenario-started') {
      progress.finish();
      progress = trialProgress(options, `  ${event.scenario}`);
    } else if (event.type === 'trial-repeated') {
      progress.finish();
      say('  Something else was running: once more.', stream);
      progress = trialProgress(options);
    } else {
      progress.finish();
      say(`  ${outcome(event.result)}`, stream);
    }
  };
}

/** Draws one trial, or a scenario of it: a bar for its steps, a line for every epoch. */
export function trialProgress(
  options: ProgressOptions,
  label = '  training',
): {
  show(event: TrialEvent): void;
  finish(): void;
} {
  const line = startProgress(label, options);
  let latest: EpochMeasurement | undefined;
  return {
    show(event) {
      if (event.type === 'progress') showSteps(line, event.progress, latest);
      else if (event.type === 'requests') line.update(event.completed, event.total, 'requests');
      else if (event.type === 'starts') line.update(event.completed, event.total, 'starts');
      else if (event.type === 'loads') line.update(event.completed, event.total, 'loads');
      else if (event.type === 'epoch') {
        latest = event.epoch;
        line.remark(describeEpoch(event.epoch));
      } else if (event.phase === 'inference') line.finish();
    },
    finish: () => line.finish(),
  };
}

function say(text: string, stream: ProgressStream | undefined): void {
  writeLine(printable(text), stream);
}

function title({ selected, seed, repeat, settings, position, total }: TrialTurn): string {
  const again = repeat === undefined ? '' : `, run ${repeat}`;
  const swept = settings ? `, ${describeSettings(settings)}` : '';
  return `[${position}/${total}] ${printableName(`${selected.title} (${selected.contender})`)}${swept}, seed ${seed}${again}`;
}

function showSteps(
  line: ProgressLine,
  progress: PacedProgress,
  latest: EpochMeasurement | undefined,
): void {
  line.update(progress.completed, progress.total, describeSteps(progress, latest?.accuracy));
}

/**
 * What stands behind the bar.
 *
 * @param accuracy the latest epoch's, from 0 to 1
 */
export function describeSteps(
  { unit, epoch, loss, imagesPerSecond }: PacedProgress,
  accuracy?: number,
): string {
  if (epoch === undefined) return `${unit}s`;
  return [
    `epoch ${epoch}`,
    // A GPU's losses are read from time to time.
    ...(loss === undefined ? [] : [`loss ${loss.toFixed(4)}`]),
    ...(accuracy === undefined ? [] : [`${(accuracy * 100).toFixed(1)} %`]),
    ...(imagesPerSecond === undefined ? [] : [`${imagesPerSecond.toFixed(0)} images/s`]),
  ].join(', ');
}

function describeEpoch(measured: EpochMeasurement): string {
  const { epoch, trainLoss, validationLoss, accuracy, trainImagesPerSecond } = measured;
  const held = validationLoss === undefined ? '' : `validation loss ${validationLoss.toFixed(4)}, `;
  const quality = `loss ${trainLoss.toFixed(4)}, ${held}test accuracy ${(accuracy * 100).toFixed(2)} %`;
  return `  epoch ${epoch}: ${quality}, ${trainImagesPerSecond.toFixed(1)} images/s`;
}

function outcome(result: TrialResult): string {
  if (result.status !== 'completed') {
    return `${result.status} (${result.error.code}): ${result.error.message}`;
  }
  const accuracy = (result.accuracy * 100).toFixed(2);
  const { trainSeconds, inferenceSeconds, totalSeconds } = result;
  return `accuracy ${accuracy} %, training ${formatSeconds(trainSeconds)}, inference ${formatSeconds(inferenceSeconds)}, total ${formatSeconds(totalSeconds)}`;
}
