import type { NodeType } from '@dlcmp/contract';
import { add } from './add';
import { averagePool } from './average-pool';
import { batchNorm } from './batch-norm';
import { concat } from './concat';
import { conv2d } from './conv2d';
import { dense } from './dense';
import { dropout } from './dropout';
import { flatten } from './flatten';
import { gelu } from './gelu';
import { globalAveragePool } from './global-average-pool';
import type { ApplyNode } from './graph-node';
import { hardSwish } from './hard-swish';
import { leakyRelu } from './leaky-relu';
import { maxPool } from './max-pool';
import { multiply } from './multiply';
import { relu } from './relu';
import { relu6 } from './relu6';
import { sigmoid } from './sigmoid';
import { silu } from './silu';

/** How a node of each type is computed by ONNX operators, and its gradient. */
export const NODES: Readonly<Record<NodeType, ApplyNode>> = {
  conv2d,
  batchNorm,
  relu,
  relu6,
  leakyRelu,
  silu,
  hardSwish,
  gelu,
  sigmoid,
  maxPool,
  averagePool,
  globalAveragePool,
  add,
  multiply,
  concat,
  flatten,
  dense,
  dropout,
};
