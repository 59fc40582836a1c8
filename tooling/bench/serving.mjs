// What workers are worth to a server: "await predict" on its own thread (naive) against @dlcmp/serving, JPEGs over HTTP, in pairs.
//
//   node tooling/bench/serving.mjs [--contenders onnx:graph,tfjs:tuned] [--network mobilenet-v2] [--image-size 224] [--threads 2]
//        [--rounds 5] [--seconds 8] [--steps 5] [--bound 200] [--clients 16]
//
// Each round measures both, in turn the one and the other first, each in a process of its own: the capacity (closed loop), the highest
// rate at which p99 stays within the bound (open loop, Poisson arrivals of the round's seed), and the event loop's delay at 70% of it.
// Prints each round, then serving's highest rate over the naive one's with its 95% interval over the rounds. Needs "pnpm build".
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { measureServer, pairedRatio } from '../../packages/bench-core/dist/index.js';
import { createSampleSet } from '../../packages/data/dist/index.js';
import { saveNetwork, servedModel } from '../../packages/serving/bench/saved-network.mjs';
import { median } from './median.mjs';

const { values } = parseArgs({
  options: {
    contenders: { type: 'string', default: 'onnx:graph,tfjs:tuned' },
    network: { type: 'string', default: 'mobilenet-v2' },
    'image-size': { type: 'string', default: '224' },
    threads: { type: 'string', default: '2' },
    rounds: { type: 'string', default: '5' },
    seconds: { type: 'string', default: '8' },
    steps: { type: 'string', default: '5' },
    bound: { type: 'string', default: '200' },
    clients: { type: 'string', default: '16' },
  },
});
const ROWS = ['naive', 'serving'];

const directory = await mkdtemp(join(tmpdir(), 'dlcmp-serving-'));
const path = await saveNetwork(values.network, Number(values['image-size']));
try {
  const scenes = { directory: join(directory, 'scenes'), trainPerClass: 8, testPerClass: 1 };
  const { train } = await createSampleSet(scenes);
  const files = train.map((file) => file.path);
  console.log(`${values.network}, JPEGs of 150×150 over HTTP, ${values.threads} threads`);
  for (const contender of values.contenders.split(',')) await compare(contender, files);
} finally {
  await rm(directory, { recursive: true });
  await rm(path, { recursive: true });
}

async function compare(contender, files) {
  const rounds = [];
  for (let round = 1; round <= Number(values.rounds); round++) {
    const measured = {};
    for (const row of round % 2 === 1 ? ROWS : ROWS.toReversed()) {
      measured[row] = await measure(contender, files, row, round);
      console.log(`${contender}, round ${round}, ${row}: ${describe(measured[row])}`);
    }
    rounds.push(measured);
  }
  const pairs = rounds.filter((round) => ROWS.every((row) => round[row].highestRate !== null));
  if (pairs.length === 0) {
    console.log(`${contender}: no round in which both kept the bound.`);
    return;
  }
  const rates = ROWS.map((row) => pairs.map((round) => round[row].highestRate));
  const { ratio, low, high } = pairedRatio(rates[1], rates[0]);
  const interval = low === null ? 'one pair, no interval' : `${low.toFixed(2)}–${high.toFixed(2)}`;
  const verdict =
    low !== null && low > 1 ? 'more' : high !== null && high < 1 ? 'less' : 'undecided';
  const delays = ROWS.map((row) =>
    median(pairs.map((round) => round[row].atSeventyPercent.eventLoop.p99Ms)).toFixed(1),
  );
  console.log(
    `${contender}: serving's highest rate is ${ratio.toFixed(2)} × the naive one's (${interval}, ${pairs.length} pairs): ${verdict}. Event loop's p99 delay at 70%, median: naive ${delays[0]} ms, serving ${delays[1]} ms.`,
  );
}

async function measure(contender, files, row, round) {
  const { rows } = await measureServer({
    moduleUrl: new URL('../../packages/serving/dist/index.js', import.meta.url).href,
    model: servedModel(path, contender),
    threads: Number(values.threads),
    files,
    seed: round,
    boundMs: Number(values.bound),
    secondsPerLoad: Number(values.seconds),
    steps: Number(values.steps),
    concurrencies: [Number(values.clients)],
    rows: [row],
    ways: ['http'],
  });
  return rows[0];
}

function describe({ closedLoop, highestRate, atSeventyPercent }) {
  const [{ perSecond, concurrency }] = closedLoop;
  const capacity = `${perSecond.toFixed(1)}/s of ${concurrency} clients`;
  if (highestRate === null) return `${capacity}, keeps the bound at no rate`;
  const { p50Ms, p99Ms, eventLoop } = atSeventyPercent;
  return `${capacity}, highest rate ${highestRate.toFixed(1)}/s; at 70%: p50 ${p50Ms?.toFixed(0)} ms, p99 ${p99Ms?.toFixed(0)} ms, event loop's p99 delay ${eventLoop.p99Ms.toFixed(1)} ms`;
}
