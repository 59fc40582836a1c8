import type { SizeStatistics } from '@dlcmp/data';

/** The images' sizes in a sentence. */
export function describeSizes({ sizes, oddCount, width, height }: SizeStatistics): string {
  const [commonest] = sizes;
  if (!commonest) return '';
  const most = `${commonest.width}×${commonest.height} pixels`;
  if (oddCount === 0) return `All are ${most}.`;
  return `Most are ${most}; ${oddCount} ${oddCount === 1 ? 'differs' : 'differ'}, from ${width.minimum} to ${width.maximum} wide and ${height.minimum} to ${height.maximum} high.`;
}
