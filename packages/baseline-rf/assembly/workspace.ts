/**
 * Where everything lies in the linear memory. The images are shared by all workers; the arrays
 * below them belong to one worker. All are laid out by `layOut`, none is ever freed.
 */

// The training set.
export let rowCount: u32 = 0;
export let featureCount: u32 = 0;
export let classCount: u32 = 0;
/** u8 [rows × features] */
export let rowMajor: usize = 0;
/** u8 [features × rows] */
export let columnMajor: usize = 0;

// The rows of the tree being grown, in an order in which every node's rows are neighbours.
/** u32 [rows] */
export let sampleRows: usize = 0;
/** u32 [rows] */
export let sampleClasses: usize = 0;
/** u32 [rows]: how often the bootstrap drew the row. */
export let sampleCounts: usize = 0;
/** u32 [rows × 3]: the rows that go right, while a node is partitioned. */
export let movedSamples: usize = 0;
/** f64 [classes] */
export let classWeights: usize = 0;

// The grown tree.
/** u32 [2 × rows] */
export let nodeFeatures: usize = 0;
/** u32 [2 × rows]: a row goes left where its value is at most this. */
export let nodeThresholds: usize = 0;
/** u32 [2 × rows]: the left child; the right one is next to it. 0: a leaf. */
export let nodeLefts: usize = 0;
/** u32 [2 × rows]: the node's first sample. */
export let nodeStarts: usize = 0;
/** u32 [2 × rows]: the sample after the node's last. */
export let nodeEnds: usize = 0;
/** f64 [2 × rows]: by how much the split lowers the Gini impurity, times the node's weight. */
export let nodeDecreases: usize = 0;
/** u32 [rows × 2]: nodes still to be split, with their depths. */
export let pendingNodes: usize = 0;

// One node's search.
/** u32 [features]: a permutation, whose front the current node has drawn. */
export let features: usize = 0;
/** f64 [classes]: weight of each class in the node. */
export let classTotals: usize = 0;
/** f64 [classes]: weight of each class left of the split in question. */
export let leftTotals: usize = 0;
/** i32 [classes]: the vector lane of each class that is present, else -1. */
export let classLanes: usize = 0;
/** i16 [rows × 8]: what each sample adds to a class vector. */
export let sampleVectors: usize = 0;
/** i16 [257 × 8]: a class vector a pixel value, and an empty one; all zero between two features. */
export let vectorHistogram: usize = 0;
/** u16 [260]: the pixel values that occur in the node. */
export let occurringValues: usize = 0;
/** f64 [256 × classes]: weights by pixel value and class; all zero between two features. */
export let weightHistogram: usize = 0;
/** u32 [256]: samples by pixel value; all zero between two features. */
export let countHistogram: usize = 0;
/** u8 [rows]: the node's values of one feature. */
export let sampleValues: usize = 0;

/** u8 [features × a block's rows]: the columns of a subtree's rows. */
export let block: usize = 0;
/** u8 [16 × 16] */
export let tile: usize = 0;

/** Most rows of a block. */
export const MAX_BLOCK_ROWS: u32 = 256;

let end: usize = 0;

function reserve(bytes: usize): usize {
  const start = end;
  end += (bytes + 15) & ~15;
  return start;
}

/**
 * Lays the arrays of one worker out from `base` on.
 *
 * @returns the first address after them
 */
export function layOut(base: usize, rows: u32, columns: u32, classes: u32): usize {
  end = base;
  rowCount = rows;
  featureCount = columns;
  classCount = classes;
  sampleRows = reserve(rows * 4);
  sampleClasses = reserve(rows * 4);
  sampleCounts = reserve(rows * 4);
  movedSamples = reserve(rows * 12);
  classWeights = reserve(classes * 8);
  nodeFeatures = reserve(rows * 8);
  nodeThresholds = reserve(rows * 8);
  nodeLefts = reserve(rows * 8);
  nodeStarts = reserve(rows * 8);
  nodeEnds = reserve(rows * 8);
  nodeDecreases = reserve(rows * 16);
  pendingNodes = reserve(rows * 8);
  features = reserve(columns * 4);
  classTotals = reserve(classes * 8);
  leftTotals = reserve(classes * 8);
  classLanes = reserve(classes * 4);
  sampleVectors = reserve(rows * 16);
  vectorHistogram = reserve(257 * 16);
  occurringValues = reserve(260 * 2);
  weightHistogram = reserve(256 * classes * 8);
  countHistogram = reserve(256 * 4);
  sampleValues = reserve(rows);
  block = reserve(columns * min(rows, MAX_BLOCK_ROWS));
  tile = reserve(256);
  return end;
}

/** Says where the training set lies that all workers share. */
export function locateImages(rowMajorAddress: usize, columnMajorAddress: usize): void {
  rowMajor = rowMajorAddress;
  columnMajor = columnMajorAddress;
}
