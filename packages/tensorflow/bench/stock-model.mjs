/**
 * How fast a plain tf.layers model trains by model.fit on native TensorFlow: with this package's kernels, and with
 * tfjs-node's as they are, on the same binding. Processes take turns; medians of images per second.
 *
 *     pnpm --filter @dlcmp/tensorflow bench:stock [ROUNDS]
 */
import { execFileSync } from 'node:child_process';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';
import { median, range } from '../../../tooling/bench/median.mjs';
import { layersModel } from './layers-model.mjs';

const [BATCH, STEPS, SIDE, CLASSES] = [32, 6, 150, 6];
const VARIANTS = ['stock', 'ours'];
const [mode = '3'] = process.argv.slice(2);

if (VARIANTS.includes(mode)) console.log(JSON.stringify(await train(mode)));
else if (/^[1-9]\d*$/.test(mode)) compare(Number(mode));
else {
  console.error(`bench:stock takes a number of rounds, 3 by default, not "${mode}".`);
  process.exit(2);
}

function compare(count) {
  const rates = { stock: [], ours: [] };
  let losses = {};
  for (let round = 0; round < count; round++) {
    for (const variant of VARIANTS) {
      const output = execFileSync(process.execPath, [fileURLToPath(import.meta.url), variant], {
        encoding: 'utf8',
        stdio: ['ignore', 'pipe', 'inherit'],
      });
      const { imagesPerSecond, loss } = JSON.parse(output.trim().split('\n').at(-1));
      rates[variant].push(imagesPerSecond);
      losses = { ...losses, [variant]: loss };
    }
  }
  for (const variant of VARIANTS) {
    console.log(
      `${variant}: ${median(rates[variant]).toFixed(1)} images/s (${range(rates[variant])}), loss ${losses[variant]}`,
    );
  }
  console.log(`ours is ${(median(rates.ours) / median(rates.stock)).toFixed(2)} times as fast`);
}

async function train(variant) {
  // One copy of TensorFlow.js for the model and for the backend.
  const tf = createRequire(import.meta.url)('@tensorflow/tfjs');
  const { registerTensorFlow } = await import('../dist/index.js');
  registerTensorFlow(tf, { stock: variant === 'stock' });
  await tf.setBackend('tensorflow');
  const model = layersModel(tf, SIDE, CLASSES);
  const pixels = tf.randomUniform([BATCH, SIDE, SIDE, 3], 0, 1, 'float32', 1);
  const labels = tf.oneHot(
    tf.tensor1d(
      Array.from({ length: BATCH }, (_, i) => i % CLASSES),
      'int32',
    ),
    CLASSES,
  );
  await model.fit(pixels, labels, { epochs: 2, batchSize: BATCH, verbose: 0, shuffle: false });
  const times = [];
  let loss;
  for (let step = 0; step < STEPS; step++) {
    const start = performance.now();
    const { history } = await model.fit(pixels, labels, {
      batchSize: BATCH,
      verbose: 0,
      shuffle: false,
    });
    times.push(performance.now() - start);
    loss = history.loss[0].toPrecision(4);
  }
  return { imagesPerSecond: (BATCH * 1000) / times.sort((a, b) => a - b)[STEPS >> 1], loss };
}
