/**
 * Whether every framework makes the same features of the same images, and what scikit-learn's logistic regression makes of them:
 *
 *     node tooling/compare-features.mjs --data data --limit 600 --test-limit 900 --image-size 150
 *
 * Features are those of efficientnet-lite0 before its last layer. They are held against PyTorch's, whose peer and scikit-learn
 * run in the python3 that DLCMP_PYTHON names. Exits 1 where one is further than 1e-4 away.
 */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { createPeerAdapter, readPeerManifest } from '../packages/bench-core/dist/peer.js';
import { cnnOnnx } from '../packages/cnn-onnx/dist/index.js';
import { cnnTfjs } from '../packages/cnn-tfjs/dist/index.js';
import {
  efficientnetLite0,
  pickWeights,
  readPretrainedWeights,
  resolveNetwork,
  splitNetwork,
} from '../packages/contract/dist/index.js';
import { limitDataset, loadImages, openDataset } from '../packages/data/dist/index.js';

const LIMIT = 1e-4;
const IMAGES_AT_ONCE = 32;
const number = (standard) => ({ type: 'string', default: String(standard) });
const { values: options } = parseArgs({
  options: {
    data: { type: 'string', default: 'data' },
    limit: number(600),
    'test-limit': number(900),
    'image-size': number(150),
  },
});
const side = Number(options['image-size']);
const size = { inputHeight: side, inputWidth: side };

const peer = async (name) => {
  const path = fileURLToPath(new URL(`../peers/${name}/peer.json`, import.meta.url));
  return createPeerAdapter(await readPeerManifest(path));
};
const CONTENDERS = {
  'onnx:graph': () => [cnnOnnx, 'graph'],
  'tfjs:stock': () => [cnnTfjs, 'stock'],
  'tfjs:tuned': () => [cnnTfjs, 'tuned'],
  keras: async () => [await peer('keras'), 'stock'],
};

/** The frozen layers as a network whose scores are features. */
async function frozenSpec() {
  const { weights } = await readPretrainedWeights('efficientnet-lite0');
  const network = resolveNetwork(efficientnetLite0(), size, 1000);
  const { trunk } = splitNetwork(network, 'head');
  const classNames = Array.from({ length: trunk.classCount }, (_, at) => `feature ${at}`);
  const initialWeights = pickWeights(weights, trunk);
  return { ...size, classNames, seed: 1, network: trunk.description, initialWeights };
}

async function featuresOf({ pixels, count }, [adapter, engine], spec) {
  const classifier = await adapter.create(spec, { engine });
  const features = new Float32Array(count * spec.classNames.length);
  const bytes = pixels.length / count;
  for (let first = 0; first < count; first += IMAGES_AT_ONCE) {
    const size = Math.min(IMAGES_AT_ONCE, count - first);
    const batch = pixels.subarray(first * bytes, (first + size) * bytes);
    features.set(await classifier.predictLogits(batch, size), first * spec.classNames.length);
  }
  await classifier.dispose();
  return features;
}

function largestDifference(left, right) {
  return left.reduce((most, value, at) => Math.max(most, Math.abs(value - right[at])), 0);
}

/** Standardised features, scikit-learn's own settings but for the number of iterations. */
const LOGISTIC_REGRESSION = `
import sys, numpy as np
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler
train, train_labels, test, test_labels = sys.argv[1:]
read = lambda features, labels: (np.fromfile(features, np.float32).reshape(len(labels), -1), labels)
x, y = read(train, np.fromfile(train_labels, np.int32))
u, v = read(test, np.fromfile(test_labels, np.int32))
for rate in (0.001, 0.01, 0.1, 1):
    model = make_pipeline(StandardScaler(), LogisticRegression(C=rate, max_iter=1000)).fit(x, y)
    print(f"scikit-learn's logistic regression, C = {rate}: {100 * model.score(u, v):.2f} %")
`;

function regress(arrays) {
  const folder = mkdtempSync(join(tmpdir(), 'dlcmp-features-'));
  const paths = arrays.map((array, at) => {
    writeFileSync(join(folder, `${at}`), new Uint8Array(array.buffer));
    return join(folder, `${at}`);
  });
  const python = process.env.DLCMP_PYTHON ?? 'python3';
  process.stdout.write(execFileSync(python, ['-c', LOGISTIC_REGRESSION, ...paths]));
  rmSync(folder, { recursive: true });
}

const counts = { trainCount: Number(options.limit), testCount: Number(options['test-limit']) };
const { dataset } = limitDataset(await openDataset(options.data), counts, 1);
const decoding = { height: side, width: side };
const [train, test] = [
  await loadImages(dataset.train, decoding),
  await loadImages(dataset.test, decoding),
];
const spec = await frozenSpec();
const expected = await featuresOf(test, [await peer('pytorch'), 'stock'], spec);
for (const [name, contender] of Object.entries(CONTENDERS)) {
  const apart = largestDifference(await featuresOf(test, await contender(), spec), expected);
  console.log(
    `${name}: features of ${test.count} images at most ${apart.toExponential(1)} from PyTorch's`,
  );
  if (!(apart <= LIMIT)) process.exitCode = 1;
}
const trained = await featuresOf(train, CONTENDERS['onnx:graph'](), spec);
regress([trained, train.labels, expected, test.labels]);
process.exit();
