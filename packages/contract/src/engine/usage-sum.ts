import type { ResourceUsage } from '../classifier';

/** What processes used that come and go: of processor time all, of memory the largest's. */
export class UsageSum {
  #cpuSeconds = 0;
  #peakRssBytes = 0;

  /** Nothing where either is unknown, as of a model that computes in this process. */
  add(before: ResourceUsage | undefined, after: ResourceUsage | undefined): void {
    if (!before || !after) return;
    this.#cpuSeconds += after.cpuSeconds - before.cpuSeconds;
    this.#peakRssBytes = Math.max(this.#peakRssBytes, after.peakRssBytes);
  }

  /** Theirs and that of a process that stays. */
  with({ cpuSeconds, peakRssBytes }: ResourceUsage): ResourceUsage {
    return {
      cpuSeconds: cpuSeconds + this.#cpuSeconds,
      peakRssBytes: Math.max(peakRssBytes, this.#peakRssBytes),
    };
  }
}
