/**
 * How fast a small LSTM trains by model.fit and predicts: on native TensorFlow with this package's kernels, on tfjs-node's as they
 * are on the same library, and on TensorFlow.js's own plain JavaScript (`cpu`). Processes take turns; medians over rounds of the
 * median milliseconds and of the processor's mean milliseconds a batch, which other programs disturb less.
 *
 *     pnpm --filter @dlcmp/tensorflow bench:lstm [ROUNDS]
 */
import { execFileSync } from 'node:child_process';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';
import { median, range } from '../../../tooling/bench/median.mjs';

const [BATCH, STEPS, FEATURES, UNITS, REPEATS, WARM_UP] = [32, 20, 8, 32, 15, 3];
const VARIANTS = ['ours', 'stock', 'javascript'];
const [mode = '3'] = process.argv.slice(2);

if (VARIANTS.includes(mode)) console.log(JSON.stringify(await measure(mode)));
else if (/^[1-9]\d*$/.test(mode)) compare(Number(mode));
else {
  console.error(`bench:lstm takes a number of rounds, 3 by default, not "${mode}".`);
  process.exit(2);
}

function compare(rounds) {
  const measured = Object.fromEntries(VARIANTS.map((variant) => [variant, []]));
  for (let round = 0; round < rounds; round++) {
    for (const variant of VARIANTS) {
      const args = [fileURLToPath(import.meta.url), variant];
      const stdio = ['ignore', 'pipe', 'inherit'];
      const output = execFileSync(process.execPath, args, { encoding: 'utf8', stdio });
      measured[variant].push(JSON.parse(output.trim().split('\n').at(-1)));
    }
  }
  for (const variant of VARIANTS) {
    const columns = ['fit', 'predict'].map((name) => {
      const of = (key) => measured[variant].map((figures) => figures[name][key]);
      const processor = `${median(of('processor')).toFixed(1)} of the processor`;
      return `${name} ${median(of('elapsed')).toFixed(1)} ms (${range(of('elapsed'))}), ${processor}`;
    });
    console.log(`${variant.padEnd(10)} ${columns.join('; ')}, loss ${measured[variant][0].loss}`);
  }
}

async function measure(variant) {
  // One copy of TensorFlow.js for the model and for the backend.
  const tf = createRequire(import.meta.url)('@tensorflow/tfjs');
  const { registerTensorFlow } = await import('../dist/index.js');
  if (variant !== 'javascript') registerTensorFlow(tf, { stock: variant === 'stock' });
  await tf.setBackend(variant === 'javascript' ? 'cpu' : 'tensorflow');
  const model = lstm(tf);
  const x = tf.randomNormal([BATCH, STEPS, FEATURES], 0, 1, 'float32', 1);
  const y = tf.mean(x, [1, 2]).expandDims(1);
  let loss;
  const options = { batchSize: BATCH, epochs: 1, shuffle: false, verbose: 0 };
  const fit = await timeOf(async () => {
    ({ loss } = (await model.fit(x, y, options)).history);
  });
  const predict = await timeOf(() => tf.tidy(() => model.predict(x).dataSync()));
  return { fit, predict, loss: loss[0].toPrecision(4) };
}

function lstm(tf) {
  const initializer = (seed) => tf.initializers.randomUniform({ minval: -0.1, maxval: 0.1, seed });
  const model = tf.sequential({
    layers: [
      tf.layers.lstm({
        inputShape: [STEPS, FEATURES],
        units: UNITS,
        kernelInitializer: initializer(1),
        recurrentInitializer: initializer(2),
      }),
      tf.layers.dense({ units: 1, kernelInitializer: initializer(3) }),
    ],
  });
  model.compile({ optimizer: tf.train.adam(0.01), loss: 'meanSquaredError' });
  return model;
}

/** Milliseconds of `task`, without the first times: their median, and the processor's mean over all threads. */
async function timeOf(task) {
  for (let time = 0; time < WARM_UP; time++) await task();
  const times = [];
  const before = process.cpuUsage();
  for (let time = 0; time < REPEATS; time++) {
    const start = performance.now();
    await task();
    times.push(performance.now() - start);
  }
  const { user, system } = process.cpuUsage(before);
  return { elapsed: median(times), processor: (user + system) / 1000 / REPEATS };
}
