import { appendFileSync, mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { type BenchEvent, describeFileError, type TrialTurn } from '@dlcmp/bench-core';
import { DlcmpError, makeFolder } from '@dlcmp/contract';
import { say } from '../progress/progress-line';
import { type ScalarEvent, scalarRecord, versionRecord } from './event-record';
import { epochScalars, trialScalars } from './scalars';
import { trialName } from './trial-name';

/**
 * Writes scalars of a run as TensorBoard reads them, while it goes on: a folder for each trial,
 * the step is the epoch.
 *
 * @param now milliseconds since 1970
 * @throws `INVALID_ARGUMENT` where `directory` can't be made
 */
export async function openTensorboard(
  directory: string,
  now: () => number = Date.now,
): Promise<(event: BenchEvent) => void> {
  await makeFolder(directory).catch((cause: unknown) => {
    const reason = describeFileError(cause);
    const message = `--tensorboard ${directory} can't be made: ${reason}. Choose another folder.`;
    throw new DlcmpError('INVALID_ARGUMENT', message, { cause });
  });
  const files = new Map<string, string>();
  const append = (trial: TrialTurn, step: number, scalars: ScalarEvent['scalars']) => {
    const wallTime = now() / 1000;
    const name = nameOf(trial);
    const file = files.get(name) ?? startFile(directory, name, wallTime);
    files.set(name, file);
    appendFileSync(file, scalarRecord({ wallTime, step, scalars }));
  };
  /** Of a trial that is run again, only the last attempt is told. */
  const forget = (trial: TrialTurn) => {
    const file = files.get(nameOf(trial));
    if (file !== undefined) rmSync(file);
    files.delete(nameOf(trial));
  };
  const track = (event: BenchEvent) => {
    if (event.type === 'trial-event' && event.event.type === 'epoch') {
      append(event.trial, event.event.epoch.epoch, epochScalars(event.event.epoch));
    } else if (event.type === 'trial-repeated') {
      forget(event.trial);
    } else if (event.type === 'trial-finished' && event.result.status === 'completed') {
      append(event.trial, event.result.epochs.length, trialScalars(event.result));
    }
  };
  let isBroken = false;
  return (event) => {
    if (isBroken) return;
    try {
      track(event);
    } catch (error) {
      // What is measured matters more than who watches.
      isBroken = true;
      say(`--tensorboard ${directory} ends here: ${(error as Error).message}`);
    }
  };
}

function nameOf({ selected, seed, repeat, settings }: TrialTurn): string {
  const { adapter, backend } = selected;
  return trialName({ adapter: adapter.id, backend, seed, repeat, settings });
}

function startFile(directory: string, name: string, wallTime: number): string {
  const folder = join(directory, name);
  mkdirSync(folder, { recursive: true });
  const file = join(folder, `events.out.tfevents.${wallTime.toFixed(3)}.dlcmp`);
  appendFileSync(file, versionRecord(wallTime));
  return file;
}
