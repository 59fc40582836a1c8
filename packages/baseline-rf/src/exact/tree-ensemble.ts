import type { Forest } from './forest';
import {
  type Attribute,
  floatsAttribute,
  intsAttribute,
  stringAttribute,
  stringsAttribute,
} from './onnx-messages';

const BRANCH = Buffer.from('BRANCH_LEQ');
const LEAF = Buffer.from('LEAF');

/**
 * The attributes of ONNX's `TreeEnsembleClassifier`
 * (https://onnx.ai/onnx/operators/onnx_aionnxml_TreeEnsembleClassifier.html): every node of every
 * tree in one row of parallel arrays, and beside them one row for each probability above 0 of a
 * leaf, divided by the number of trees, because the operator adds them up.
 */
export function treeEnsembleAttributes(forest: Forest): Attribute[] {
  return [
    ...nodeAttributes(forest),
    ...leafAttributes(forest),
    intsAttribute('classlabels_int64s', [...Array(forest.classCount).keys()]),
    stringAttribute('post_transform', 'NONE'),
  ];
}

function nodeAttributes({ trees }: Forest): Attribute[] {
  const treeIds: number[] = [];
  const nodeIds: number[] = [];
  const modes: Uint8Array[] = [];
  const features: number[] = [];
  const thresholds: number[] = [];
  const lefts: number[] = [];
  const rights: number[] = [];
  trees.forEach((tree, treeId) => {
    tree.lefts.forEach((left, node) => {
      const isLeaf = left === 0;
      treeIds.push(treeId);
      nodeIds.push(node);
      modes.push(isLeaf ? LEAF : BRANCH);
      features.push(isLeaf ? 0 : (tree.features[node] as number));
      thresholds.push(tree.thresholds[node] as number);
      lefts.push(left);
      rights.push(isLeaf ? 0 : left + 1);
    });
  });
  return [
    intsAttribute('nodes_treeids', treeIds),
    intsAttribute('nodes_nodeids', nodeIds),
    stringsAttribute('nodes_modes', modes),
    intsAttribute('nodes_featureids', features),
    floatsAttribute('nodes_values', thresholds),
    intsAttribute('nodes_truenodeids', lefts),
    intsAttribute('nodes_falsenodeids', rights),
  ];
}

function leafAttributes({ trees, classCount }: Forest): Attribute[] {
  const treeIds: number[] = [];
  const nodeIds: number[] = [];
  const classIds: number[] = [];
  const weights: number[] = [];
  trees.forEach((tree, treeId) => {
    tree.lefts.forEach((left, node) => {
      if (left !== 0) return;
      const start = (tree.features[node] as number) * classCount;
      tree.distributions.subarray(start, start + classCount).forEach((probability, label) => {
        if (probability === 0) return;
        treeIds.push(treeId);
        nodeIds.push(node);
        classIds.push(label);
        weights.push(probability / trees.length);
      });
    });
  });
  return [
    intsAttribute('class_treeids', treeIds),
    intsAttribute('class_nodeids', nodeIds),
    intsAttribute('class_ids', classIds),
    floatsAttribute('class_weights', weights),
  ];
}
