import type { CompletedTrial } from '../results/bench-results';
import { MEMORY_GAUGES, type MemoryGauge, type MemoryRecord } from '../results/soak-result';
import { type Growth, isGrowing } from './growth';

/** Memory that a soak saw grow beyond chance. */
export interface GrowingMemory {
  readonly gauge: MemoryGauge;
  readonly unit: 'request' | 'reload';
  readonly growth: Growth;
}

/** Everything that grew in the soak of `trial`; empty where none was asked for, or it failed. */
export function growingMemory({ soak }: CompletedTrial): GrowingMemory[] {
  if (soak?.status !== 'completed') return [];
  return [...growing(soak.serving, 'request'), ...growing(soak.reloading, 'reload')];
}

function growing({ growth }: MemoryRecord, unit: GrowingMemory['unit']): GrowingMemory[] {
  return (Object.keys(MEMORY_GAUGES) as MemoryGauge[])
    .map((gauge) => ({ gauge, unit, growth: growth[gauge] }))
    .filter((each) => isGrowing(each.growth));
}

/** `resident memory grew by 1,040 bytes a request (99% interval 1,020 to 1,060)` */
export function describeGrowth({ gauge, unit, growth }: GrowingMemory): string {
  const figure = (bytes: number) => Number(bytes.toPrecision(3)).toLocaleString('en-US');
  const { perUnit, low, high } = growth;
  return `${MEMORY_GAUGES[gauge]} grew by ${figure(perUnit)} bytes a ${unit} (99% interval ${figure(low)} to ${figure(high)})`;
}
