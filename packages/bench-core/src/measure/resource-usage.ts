import type { ResourceUsage } from '@dlcmp/contract';

/** Reads the counters of the calling process. */
export function readResourceUsage(): ResourceUsage {
  const { userCPUTime, systemCPUTime, maxRSS } = process.resourceUsage();
  return { cpuSeconds: (userCPUTime + systemCPUTime) / 1e6, peakRssBytes: maxRSS * 1024 };
}
