/**
 * Trains with one framework, opens the weights with another, and prints the largest difference between
 * their probabilities: `node cross-weights.mjs FROM TO`. TensorFlow.js' threads need a plain Node.js.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { createPeerAdapter, readPeerManifest } from '@dlcmp/bench-core/peer';
import { createSeparableImages } from '@dlcmp/bench-core/testing';
import { createCnnOnnx } from '@dlcmp/cnn-onnx';
import { createCnnTfjs } from '@dlcmp/cnn-tfjs';
import { readSafetensors } from '@dlcmp/contract';

const manifest = fileURLToPath(new URL('../../../peers/pytorch/peer.json', import.meta.url));
const adapters = {
  onnx: createCnnOnnx,
  tfjs: createCnnTfjs,
  pytorch: async () => createPeerAdapter(await readPeerManifest(manifest)),
};

const [from, to] = await Promise.all(process.argv.slice(2).map((name) => adapters[name]()));
const spec = { inputHeight: 24, inputWidth: 24, classNames: ['a', 'b', 'c'], seed: 5 };
const { pixels, labels, count } = createSeparableImages({ ...spec, count: 24, classCount: 3 });
const directory = await mkdtemp(join(tmpdir(), 'dlcmp-cross-'));
const trained = await from.create(spec);
await trained.fit({ pixels, labels, count }, { epochs: 1, batchSize: 8 });
await trained.save(directory);
const initialWeights = await readSafetensors(join(directory, 'weights.safetensors'));
const opened = await to.create({ ...spec, initialWeights });
const expected = await trained.predict(pixels, count);
const actual = await opened.predict(pixels, count);
const differences = expected.map((value, at) => Math.abs(value - actual[at]));
await Promise.all([trained.dispose(), opened.dispose()]);
await rm(directory, { recursive: true });
process.stdout.write(String(Math.max(...differences)));
process.exit(0);
