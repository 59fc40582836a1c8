import { transposeSamples } from './transpose';
import {
  block,
  columnMajor,
  featureCount,
  MAX_BLOCK_ROWS,
  rowCount,
  rowMajor,
  sampleRows,
} from './workspace';

/**
 * Where a node finds its samples' values. Large nodes read the shared columns. Below that, the
 * lines that a node touches in them hold one useful byte each; so a subtree of few enough rows gets
 * a block of its own, in which its columns are dense. Few rows that hang from a large node are not
 * worth a block and are read where they lie.
 */
const MIN_BLOCK_ROWS: u32 = 32;

/** The samples of the current block, whose `sampleRows` are numbers within it. */
let blockStart: u32 = 0;
let blockEnd: u32 = 0;

let base: usize = 0;
let featureStride: u32 = 0;
/** Distance in bytes between the values of two rows. */
export let rowStride: u32 = 0;

/** Forgets the block of the tree before. */
export function forgetBlock(): void {
  blockStart = 0;
  blockEnd = 0;
}

/** Turns to the node of the samples from `start` to `end`. */
export function openNode(start: u32, end: u32): void {
  const samples = end - start;
  const isInBlock = start >= blockStart && end <= blockEnd;
  if (!isInBlock && samples >= MIN_BLOCK_ROWS && samples <= MAX_BLOCK_ROWS) {
    buildBlock(start, end);
  }
  if (start >= blockStart && end <= blockEnd) {
    readFrom(block, blockEnd - blockStart, 1);
  } else if (samples > MAX_BLOCK_ROWS) {
    readFrom(columnMajor, rowCount, 1);
  } else {
    readFrom(rowMajor, 1, featureCount);
  }
}

/** Address of the value of `feature` in row 0. */
export function featureAddress(feature: u32): usize {
  return base + feature * featureStride;
}

function readFrom(address: usize, betweenFeatures: u32, betweenRows: u32): void {
  base = address;
  featureStride = betweenFeatures;
  rowStride = betweenRows;
}

function buildBlock(start: u32, end: u32): void {
  transposeSamples(start, end, 0, featureCount, block);
  for (let i = start; i < end; i++) store<u32>(sampleRows + i * 4, i - start);
  blockStart = start;
  blockEnd = end;
}
