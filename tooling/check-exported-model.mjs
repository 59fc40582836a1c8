/**
 * Trains cnn-onnx on a data set, saves the model, and holds the predictions of Python's onnxruntime
 * against its own, on every test image. Exits 1 where one differs.
 *
 *     node tooling/check-exported-model.mjs DATA [IMAGE_SIZE] [TRAINING_IMAGES] [EPOCHS]
 *
 * DATA is a folder of images, or `sample`. Python is the interpreter in DLCMP_INTEROP_PYTHON, else
 * python3, with onnx, onnxruntime and numpy.
 */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { cnnOnnx } from '../packages/cnn-onnx/dist/index.js';
import { createSampleSet, loadImages, openDataset } from '../packages/data/dist/index.js';

const [data = 'sample', ...numbers] = process.argv.slice(2);
const [size = 64, limit = 300, epochs = 2] = numbers.map(Number);
const python = process.env.DLCMP_INTEROP_PYTHON ?? 'python3';
const interop = fileURLToPath(
  new URL('../packages/cnn-onnx/test-interop/interop.py', import.meta.url),
);
const directory = mkdtempSync(join(tmpdir(), 'exported-model-'));

let folder = data;
if (data === 'sample') {
  folder = join(directory, 'sample');
  await createSampleSet({ directory: folder, seed: 1, trainPerClass: 30, testPerClass: 20 });
}
const { classNames, train, test } = await openDataset(folder);
const options = { height: size, width: size, cacheDirectory: false };
const spread = Math.max(Math.floor(train.length / limit), 1);
const training = await loadImages(
  train.filter((_, index) => index % spread === 0),
  options,
);
const images = await loadImages(test, options);

const spec = { inputHeight: size, inputWidth: size, classNames, seed: 1 };
const classifier = await cnnOnnx.create(spec);
await classifier.fit(training, { epochs });
const model = join(directory, 'model');
await classifier.save(model);
const expected = await classifier.predict(images.pixels, images.count);
await classifier.dispose();

writeFileSync(join(directory, 'pixels.bin'), images.pixels);
const shape = `[${images.count}, ${size}, ${size}, 3]`;
execFileSync(python, [
  '-c',
  `import numpy, pathlib; d = pathlib.Path(${JSON.stringify(directory)})
numpy.save(d / "pixels.npy", numpy.fromfile(d / "pixels.bin", numpy.uint8).reshape(${shape}))`,
]);
execFileSync(python, [interop, 'check', join(model, 'model.onnx')], { stdio: 'inherit' });
execFileSync(python, [interop, 'predict', join(model, 'model.onnx'), directory], {
  stdio: 'inherit',
});
const actual = new Float32Array(
  new Uint8Array(readFileSync(join(directory, 'probabilities.bin'))).buffer,
);
rmSync(directory, { recursive: true });

const classes = classNames.length;
const predictedClass = (rows, image) => {
  const row = rows.subarray(image * classes, (image + 1) * classes);
  return row.indexOf(Math.max(...row));
};
const indices = Array.from({ length: images.count }, (_, image) => image);
const same = indices.filter((i) => predictedClass(actual, i) === predictedClass(expected, i));
const right = indices.filter((i) => predictedClass(expected, i) === images.labels[i]);
const difference = expected.reduce((max, p, i) => Math.max(max, Math.abs(p - actual[i])), 0);
console.log(`${training.count} training images of ${size}×${size}, ${epochs} epochs`);
console.log(`accuracy ${((100 * right.length) / images.count).toFixed(1)} %`);
console.log(`same prediction in Python: ${same.length} of ${images.count} test images`);
console.log(`largest difference of a probability: ${difference.toExponential(1)}`);
process.exitCode = same.length === images.count && actual.length === expected.length ? 0 : 1;
