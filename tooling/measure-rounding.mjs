/**
 * How fast rounding grows: each contender against itself with the last bit of one weight changed, and against the first one.
 * Prints, for steps 1, 2, 4, … and each epoch, the largest difference so far of the losses, relative, and after each epoch
 * that of the weights as a share of the way they went. The limits in loss-limits.ts stand on these figures.
 *
 *     node tooling/measure-rounding.mjs --data PATH [--contenders onnx:blocks,tfjs:tuned] [--network simple-cnn] [--size 48]
 *                                       [--limit 640] [--batch-size 32] [--epochs 3] [--rate 0.001] [--seed 1]
 */
import { parseArgs } from 'node:util';
import { createCnnOnnx } from '../packages/cnn-onnx/dist/index.js';
import { createCnnTfjs } from '../packages/cnn-tfjs/dist/index.js';
import * as contract from '../packages/contract/dist/index.js';
import { limitDataset, loadImages, openDataset } from '../packages/data/dist/index.js';

const { values } = parseArgs({
  options: {
    data: { type: 'string' },
    contenders: { type: 'string', default: 'onnx:blocks,tfjs:tuned' },
    network: { type: 'string', default: 'simple-cnn' },
    size: { type: 'string', default: '48' },
    limit: { type: 'string', default: '640' },
    'batch-size': { type: 'string', default: '32' },
    epochs: { type: 'string', default: '3' },
    rate: { type: 'string', default: '0.001' },
    seed: { type: 'string', default: '1' },
    variants: { type: 'string', default: '' },
  },
});
const ADAPTERS = { onnx: createCnnOnnx(), tfjs: createCnnTfjs() };
const side = Number(values.size);
const dataset = limitDataset(
  await openDataset(values.data),
  { trainCount: Number(values.limit) },
  1,
).dataset;
const images = await loadImages(dataset.train, { height: side, width: side });
const isWeight = (name) => !/running_|num_batches/.test(name);
const spec = {
  ...{ inputHeight: side, inputWidth: side, classNames: dataset.classNames },
  ...{ seed: Number(values.seed), network: contract.namedNetwork(values.network) },
};
const initialWeights = contract.createInitialWeights(spec);

/** The initial weights with the last bit of the first one flipped. */
function changedByOneBit() {
  const [[name, tensor], ...others] = Object.entries(initialWeights);
  const data = tensor.data.slice();
  new Uint32Array(data.buffer)[0] ^= 1;
  return Object.fromEntries([[name, { ...tensor, data }], ...others]);
}

/** The initial weights with the last bit of every other one flipped, at random. */
function changedByManyBits() {
  let state = 1;
  return Object.fromEntries(
    Object.entries(initialWeights).map(([name, tensor]) => {
      const data = tensor.data.slice();
      new Uint32Array(data.buffer).forEach((bits, at, all) => {
        state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
        all[at] = bits ^ (state >>> 31);
      });
      return [name, { ...tensor, data }];
    }),
  );
}

async function train(contender, weights, extra = {}) {
  const [adapter, engine] = contender.split(':');
  const classifier = await ADAPTERS[adapter].create(
    { ...spec, initialWeights: weights },
    { engine, threads: 2 },
  );
  const losses = [];
  const epochs = [];
  await classifier.fit(images, {
    ...{ epochs: Number(values.epochs), batchSize: Number(values['batch-size']) },
    ...{ learningRate: Number(values.rate) },
    ...extra,
    onProgress: ({ loss }) => losses.push(loss),
    onEpochEnd: async ({ trainLoss }) => {
      epochs.push({ trainLoss, weights: await classifier.getWeights() });
    },
  });
  await classifier.dispose();
  return { losses, epochs };
}

const relative = (a, b) => Math.abs(a - b) / Math.abs(b);

/** How `weights` stand to the initial ones: the way they went, and how much they shrank, both as shares of their norm. */
function journey(weights) {
  let [squares, way, along] = [0, 0, 0];
  for (const [name, { data }] of Object.entries(initialWeights).filter(([name]) =>
    isWeight(name),
  )) {
    data.forEach((start, at) => {
      const moved = weights[name].data[at] - start;
      squares += start * start;
      way += moved * moved;
      along += moved * start;
    });
  }
  return { way: Math.sqrt(way / squares), along: along / squares };
}

/** |a − b| over |b − start|, all weights together. */
function distance(a, b) {
  let [between, travelled] = [0, 0];
  for (const [name, { data }] of Object.entries(b).filter(([name]) => isWeight(name))) {
    data.forEach((value, at) => {
      between += (a[name].data[at] - value) ** 2;
      travelled += (value - initialWeights[name].data[at]) ** 2;
    });
  }
  return Math.sqrt(between / travelled);
}

const short = (value) => value.toExponential(1);

function compare(title, left, right) {
  console.log(title);
  let [largest, sum, other] = [0, 0, 0];
  const shown = [];
  left.losses.forEach((loss, at) => {
    largest = Math.max(largest, relative(loss, right.losses[at]));
    sum += loss;
    other += right.losses[at];
    if (Math.log2(at + 1) % 1 === 0 || at + 1 === left.losses.length) {
      shown.push(`${at + 1}: ${short(largest)} / ${short(relative(sum, other))}`);
    }
  });
  console.log(`  steps: largest / of means  ${shown.join('  ')}`);
  const epochs = left.epochs.map(({ trainLoss, weights }, at) => {
    const other = right.epochs[at];
    const [own, its] = [journey(weights), journey(other.weights)];
    return `${at + 1}: ${short(relative(trainLoss, other.trainLoss))} / ${short(distance(weights, other.weights))} / ${short(relative(own.way, its.way))} / ${short(Math.abs(own.along - its.along))} (way ${short(its.way)}, along ${short(its.along)})`;
  });
  console.log(`  epochs: loss / distance / way / along ${epochs.join('  ')}`);
}

const contenders = values.contenders.split(',');
const first = await train(contenders[0], initialWeights);
console.log(`${values.network}, ${side} px, rate ${values.rate}, ${images.count} images`);
const rate = Number(values.rate);
const variants = {
  adamw: { optimizer: contract.adamW?.({ weightDecay: 0.01 }), learningRate: rate },
  decay: { schedule: (step) => rate * 0.995 ** step, learningRate: undefined },
  beta: { betas: [0.9, 0.99] },
  noflips: { augmentation: 'none' },
};
for (const name of values.variants.split(',').filter(Boolean)) {
  compare(
    `${contenders[0]} with ${name}`,
    await train(contenders[0], initialWeights, variants[name]),
    first,
  );
}
for (const contender of contenders) {
  const own = contender === contenders[0] ? first : await train(contender, initialWeights);
  if (own !== first) compare(`${contender} against ${contenders[0]}`, own, first);
  compare(
    `${contender} against itself, one bit changed`,
    await train(contender, changedByOneBit()),
    own,
  );
  compare(
    `${contender} against itself, half of the last bits`,
    await train(contender, changedByManyBits()),
    own,
  );
}
process.exit(0);
