import type { ResourceUsage } from '../classifier';
import type { TrainableModel } from './engine';

/** A time over which a model's process is looked at. */
export interface UsageSpan {
  /** Adds what was used since the beginning. */
  end(): Promise<void>;
}

/** What processes used that come and go: of processor time all, of memory the largest's. */
export class UsageSum {
  #cpuSeconds = 0;
  #peakRssBytes = 0;

  /** Nothing is added of a model that computes in this process. */
  async begin(model: Pick<TrainableModel, 'resourceUsage'>): Promise<UsageSpan> {
    const before = await model.resourceUsage?.();
    return {
      end: async () => {
        const after = await model.resourceUsage?.();
        if (!before || !after) return;
        this.#cpuSeconds += after.cpuSeconds - before.cpuSeconds;
        this.#peakRssBytes = Math.max(this.#peakRssBytes, after.peakRssBytes);
      },
    };
  }

  /** Theirs and that of a process that stays. */
  with({ cpuSeconds, peakRssBytes }: ResourceUsage): ResourceUsage {
    return {
      cpuSeconds: cpuSeconds + this.#cpuSeconds,
      peakRssBytes: Math.max(peakRssBytes, this.#peakRssBytes),
    };
  }
}
