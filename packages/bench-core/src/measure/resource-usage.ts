import { readFileSync } from 'node:fs';
import type { ResourceUsage } from '../contract';

/** Reads the counters of the calling process. */
export function readResourceUsage(): ResourceUsage {
  const { userCPUTime, systemCPUTime, maxRSS } = process.resourceUsage();
  return { cpuSeconds: (userCPUTime + systemCPUTime) / 1e6, peakRssBytes: maxRSS * 1024 };
}

/** Running total of the processor packages' energy in joules; null where it can't be read. */
export type EnergyMeter = () => number | null;

const MAX_PACKAGES = 16;
const MICROJOULES = 1e6;

/**
 * Linux' RAPL counters of all processor packages
 * (https://www.kernel.org/doc/html/latest/power/powercap/powercap.html). They count the whole
 * machine, and usually only root may read them.
 */
export const raplEnergyMeter: EnergyMeter = () => {
  const readings = Array.from({ length: MAX_PACKAGES }, (_, index) => readPackageJoules(index));
  const known = readings.filter((joules) => joules !== null);
  return known.length === 0 ? null : known.reduce((sum, joules) => sum + joules, 0);
};

function readPackageJoules(index: number): number | null {
  try {
    const text = readFileSync(`/sys/class/powercap/intel-rapl:${index}/energy_uj`, 'utf8');
    return Number(text) / MICROJOULES;
  } catch {
    return null;
  }
}

/** Joules between two readings; null where either is unknown or the counter wrapped around. */
export function energyBetween(start: number | null, end: number | null): number | null {
  return start === null || end === null || end < start ? null : end - start;
}
