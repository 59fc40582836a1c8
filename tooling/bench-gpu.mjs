/**
 * Training and inference on an NVIDIA GPU, side by side with PyTorch CUDA at its best: contenders take turns, each in a
 * process of its own. Prints medians in images per second and ratios to PyTorch with their spreads over the rounds.
 *
 *     pnpm bench:gpu [--rounds 3] [--batches 32,128,512,1024] [--contenders pytorch,onnx,tfjs,layers] [--tasks train,predict]
 *
 * `onnx:webgpu` and `tfjs:webgpu` are contenders too. The network is simple-cnn at 150×150 pixels. Adapters are driven by
 * `fit`, which shuffles, gathers, draws dropout masks and uploads bytes; PyTorch takes batches that lie ready in pinned
 * memory. TF32 is allowed to all.
 */
import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';

const { values } = parseArgs({
  options: {
    rounds: { type: 'string', default: '3' },
    batches: { type: 'string', default: '32,128,512,1024' },
    contenders: { type: 'string', default: 'pytorch,onnx,tfjs,layers' },
    tasks: { type: 'string', default: 'train,predict' },
  },
});
const contenders = values.contenders.split(',');
const tasks = values.tasks.split(',');
const REFERENCE = 'pytorch';
const here = (path) => fileURLToPath(new URL(path, import.meta.url));

/** Images per second of one contender in one round, or undefined with a word on standard error. */
function measure(contender, task, batch) {
  const python = process.env.DLCMP_PYTHON ?? 'python3';
  const [program, script] =
    contender === REFERENCE
      ? [python, here('bench-gpu/pytorch_cuda.py')]
      : [process.execPath, here('bench-gpu/contender.mjs')];
  try {
    const output = execFileSync(program, [script, task, String(batch), contender], {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    return JSON.parse(output.trim().split('\n').at(-1)).imagesPerSecond;
  } catch (error) {
    process.stderr.write(`${contender} could not ${task} at batch ${batch}: ${error.message}\n`);
    return undefined;
  }
}

const sorted = (numbers) => numbers.toSorted((a, b) => a - b);
const median = (numbers) => sorted(numbers)[numbers.length >> 1];

function describe(rates, references) {
  const ratios = rates.flatMap((rate, round) => rate / references[round] || []);
  const ratio = ratios.length > 0 ? median(rates) / median(references) : undefined;
  const spread = ratio && `${Math.min(...ratios).toFixed(2)}–${Math.max(...ratios).toFixed(2)}`;
  return [median(rates).toFixed(0), ratio ? `${ratio.toFixed(2)} (${spread})` : ''];
}

function compare(task, batch, participants) {
  const rates = Object.fromEntries(participants.map((name) => [name, []]));
  for (let round = 0; round < Number(values.rounds); round++) {
    for (const name of participants) {
      const rate = measure(name, task, batch);
      if (rate !== undefined) rates[name].push(rate);
    }
  }
  for (const name of participants.filter((candidate) => rates[candidate].length > 0)) {
    const [rate, ratio] = describe(rates[name], rates[REFERENCE] ?? []);
    const columns = [task.padEnd(8), String(batch).padStart(5), name.padEnd(13), rate.padStart(8)];
    console.log(`${columns.join('  ')}  ${ratio}`);
  }
}

console.log('task      batch  who            images/s  × PyTorch (spread)');
if (tasks.includes('train')) {
  for (const batch of values.batches.split(',').map(Number)) compare('train', batch, contenders);
}
for (const batch of tasks.includes('predict') ? [32, 256] : []) {
  compare(
    'predict',
    batch,
    contenders.filter((name) => name !== 'layers'),
  );
}
