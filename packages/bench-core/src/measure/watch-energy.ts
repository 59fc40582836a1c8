import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const MICROJOULES = 1e6;

/** A counter of 262 kJ, as is usual, is full after nine minutes at 500 W. */
const READ_INTERVAL_MS = 60_000;

export interface EnergyWatch {
  /** Joules of all processor packages since the watch began; null where they can't be read. */
  finish(): number | null;
}

/** Begins to count energy. */
export type StartEnergyWatch = () => EnergyWatch;

export interface EnergyWatchOptions {
  /** Default: `/sys/class/powercap`. */
  readonly directory?: string;
  /** Milliseconds between two readings. Default: 60,000. */
  readonly intervalMs?: number;
}

/**
 * Counts the energy of all processor packages by Linux' RAPL counters
 * (https://www.kernel.org/doc/html/latest/power/powercap/powercap.html). They hold the whole machine's,
 * usually only root may read them, and they begin again at 0 when they are full: so they are read once a
 * minute, and their range is added where one went down.
 */
export function watchEnergy(options: EnergyWatchOptions = {}): EnergyWatch {
  const { directory = '/sys/class/powercap', intervalMs = READ_INTERVAL_MS } = options;
  const counters = packageZones(directory).map((zone) => new EnergyCounter(zone));
  const read = () => counters.map((counter) => counter.read());
  const timer = setInterval(read, intervalMs);
  timer.unref();
  return {
    finish() {
      clearInterval(timer);
      const joules = read();
      return joules.length === 0 ? null : joules.reduce(sumOfKnown);
    },
  };
}

/** Zones named `package-N`: `psys` holds them again, and the zones below a package are parts of it. */
function packageZones(directory: string): string[] {
  try {
    const zones = readdirSync(directory).filter((name) => /^intel-rapl:\d+$/.test(name));
    return zones
      .map((name) => join(directory, name))
      .filter((zone) => readFileSync(join(zone, 'name'), 'utf8').startsWith('package'));
  } catch {
    return [];
  }
}

/** The running total of one package. */
class EnergyCounter {
  readonly #zone: string;
  readonly #range: number | null;
  #latest: number | null;
  #joules: number | null;

  constructor(zone: string) {
    this.#zone = zone;
    this.#range = readJoules(join(zone, 'max_energy_range_uj'));
    this.#latest = this.#count();
    this.#joules = this.#latest === null ? null : 0;
  }

  /** Joules since the beginning; null from the first reading on that failed. */
  read(): number | null {
    const now = this.#count();
    this.#joules = sumOfKnown(this.#joules, this.#since(now));
    this.#latest = now;
    return this.#joules;
  }

  #count(): number | null {
    return readJoules(join(this.#zone, 'energy_uj'));
  }

  #since(now: number | null): number | null {
    if (now === null || this.#latest === null) return null;
    return now >= this.#latest ? now - this.#latest : sumOfKnown(now - this.#latest, this.#range);
  }
}

/** null where there is no number to read: an empty file is no counter at 0. */
function readJoules(path: string): number | null {
  try {
    const text = readFileSync(path, 'utf8').trim();
    return /^\d+$/.test(text) ? Number(text) / MICROJOULES : null;
  } catch {
    return null;
  }
}

function sumOfKnown(left: number | null, right: number | null): number | null {
  return left === null || right === null ? null : left + right;
}
