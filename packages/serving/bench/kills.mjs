// Kills workers of the real frameworks under load: each request must be answered once, with its answer or with WORKER_FAILED.
//
//   node bench/kills.mjs [--contenders onnx:graph,tfjs:tuned] [--network mobilenet-v2] [--side 96] [--kills 20]
import assert from 'node:assert/strict';
import { rm } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import { openServing } from '../dist/index.js';
import { saveNetwork, servedModel } from './saved-network.mjs';

const { values } = parseArgs({
  options: {
    contenders: { type: 'string', default: 'onnx:graph,tfjs:tuned' },
    network: { type: 'string', default: 'mobilenet-v2' },
    side: { type: 'string', default: '96' },
    kills: { type: 'string', default: '20' },
  },
});
const side = Number(values.side);
const CLIENTS = 8;

const path = await saveNetwork(values.network, side);
for (const contender of values.contenders.split(',')) {
  const serving = await openServing(servedModel(path, contender), { workers: 2, threads: 1 });
  const load = startLoad(serving);
  let whileComputing = 0;
  for (let kill = 1; kill <= Number(values.kills); kill++) {
    await new Promise((resolve) => setTimeout(resolve, 200));
    const { processIds, running } = serving.stats();
    if (running > 0) whileComputing++;
    process.kill(processIds[kill % processIds.length], 'SIGKILL');
    while (serving.stats().restarts < kill) await new Promise((resolve) => setTimeout(resolve, 20));
  }
  const outcomes = await load.stop();
  const { answered, failed, restarts } = serving.stats();
  await serving.close();
  assert.equal(outcomes.answered + outcomes.WORKER_FAILED, load.asked());
  assert.deepEqual([answered, failed], [outcomes.answered, outcomes.WORKER_FAILED]);
  console.log(
    `${contender}: ${restarts} workers killed, ${whileComputing} while requests were computed; ${load.asked()} requests, ${answered} answered, ${failed} told WORKER_FAILED, each once`,
  );
}
await rm(path, { recursive: true });

/** Clients that ask one request after the other. */
function startLoad(serving) {
  let isOver = false;
  let asked = 0;
  const outcomes = { answered: 0, WORKER_FAILED: 0 };
  const pixels = new Uint8Array(side * side * 3).fill(100);
  const client = async () => {
    while (!isOver) {
      asked++;
      const outcome = await serving.predictPixels(pixels).then(
        () => 'answered',
        ({ code, message }) => (code in outcomes ? code : message),
      );
      outcomes[outcome]++;
      assert.equal(Object.keys(outcomes).length, 2, outcome);
    }
  };
  const clients = Array.from({ length: CLIENTS }, client);
  return {
    asked: () => asked,
    async stop() {
      isOver = true;
      await Promise.all(clients);
      return outcomes;
    },
  };
}
