import { judged } from '../measure/audits/audit-definitions';
import { type Clock, monotonicClock } from '../measure/clock';
import type { TrialMeasurements } from '../results/bench-results';
import type { Check } from '../results/checks';
import type { TrialEvent } from './process-messages';

/** What a message takes on a busy machine, and a process to end. */
const SLACK_SECONDS = 1;

/** Times a trial's phases in this process, where no adapter can turn the hands of the clock. */
export class OutsideClock {
  readonly #clock: Clock;
  readonly #starts = new Map<string, number>();

  constructor(clock: Clock = monotonicClock) {
    this.#clock = clock;
  }

  hear(event: TrialEvent): void {
    if (event.type === 'phase') this.#starts.set(event.phase, this.#clock());
  }

  /** To be called when the trial's process has ended; nothing where its phases were not heard. */
  checks({ trainSeconds, phases }: TrialMeasurements): Check[] {
    const [train, inference, latency] = ['train', 'inference', 'latency'].map((phase) =>
      this.#starts.get(phase),
    );
    if (train === undefined || inference === undefined || latency === undefined) return [];
    const { evaluationSeconds, scenarioSeconds = 0, watchSeconds = 0 } = phases;
    const training = {
      inside: trainSeconds + evaluationSeconds + watchSeconds,
      outside: inference - train,
    };
    const scenarios = { inside: scenarioSeconds - watchSeconds, outside: this.#clock() - latency };
    const worst = beyond(training) > beyond(scenarios) ? training : scenarios;
    const detail = `${worst.inside.toPrecision(3)} s inside, ${worst.outside.toPrecision(3)} s outside`;
    return [judged('outside-clock', beyond(worst), detail)];
  }
}

interface TwoTimes {
  readonly inside: number;
  readonly outside: number;
}

function beyond({ inside, outside }: TwoTimes): number {
  return Math.max(0, Math.abs(outside - inside) - SLACK_SECONDS) / outside;
}
