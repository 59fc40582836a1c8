import { columnMajor, featureCount, rowCount, rowMajor } from './workspace';

/**
 * Nodes of fewer rows than this read the rows, others the columns. A subtree's few rows stay in the
 * second-level cache while its nodes look at thousands of features; a column's rows lie together.
 */
export const ROW_MAJOR_LIMIT: u32 = 256;

/** Address of the value of `feature` in row 0, for a node of `samples` rows. */
export function featureAddress(feature: u32, samples: u32): usize {
  return samples < ROW_MAJOR_LIMIT ? rowMajor + feature : columnMajor + feature * rowCount;
}

/** Distance in bytes between two rows at that address. */
export function rowStride(samples: u32): u32 {
  return samples < ROW_MAJOR_LIMIT ? featureCount : 1;
}
