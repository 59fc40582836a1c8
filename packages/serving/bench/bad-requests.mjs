// Sends bad requests of every kind to a server, good ones between them, and shows that its memory stays and that it still answers:
// a line every fortieth of the way (10,000 take three minutes on two idle cores), then what became of each kind, and the slopes.
//
//   node bench/bad-requests.mjs [--requests 10000] [--contender onnx:graph]
//
// The server is a process of its own; its memory and its workers' are read from /proc, so this runs on Linux.
import assert from 'node:assert/strict';
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { readFile, rm } from 'node:fs/promises';
import { connect } from 'node:net';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { growthOf, isGrowing } from '../../bench-core/dist/results.js';
import { createSampleSet } from '../../data/dist/index.js';
import { openServing, serveHttp } from '../dist/index.js';
import { saveNetwork, servedModel } from './saved-network.mjs';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    requests: { type: 'string', default: '10000' },
    contender: { type: 'string', default: 'onnx:graph' },
  },
});
const AT_ONCE = 16;
const ROUNDS = 40;
/** Until then the processes find their size. */
const WARM_UP_ROUNDS = 10;
const MEBIBYTE = 2 ** 20;

if (positionals[0] === 'serve') await serve(positionals[1]);
else await attack();

async function serve(path) {
  const serving = await openServing(servedModel(path, values.contender), { workers: 1 });
  const server = await serveHttp(serving, { bodyTimeoutMs: 500 });
  process.on('message', () => {
    for (let pass = 0; pass < 2; pass++) globalThis.gc();
    const { heapUsed } = process.memoryUsage();
    process.send({ url: server.url, heapUsed, ...serving.stats() });
  });
  process.on('disconnect', () => process.exit());
  process.send('ready');
}

async function attack() {
  const path = await saveNetwork('simple-cnn', 48);
  const scenes = { directory: join(path, 'scenes'), trainPerClass: 1, testPerClass: 1 };
  const { test } = await createSampleSet(scenes);
  const photo = await readFile(test[0].path);
  const args = ['serve', path, '--contender', values.contender];
  const child = fork(fileURLToPath(import.meta.url), args, {
    stdio: 'inherit',
    execArgv: ['--expose-gc'],
  });
  await once(child, 'message');
  const ask = async () => {
    child.send('stats');
    return (await once(child, 'message'))[0];
  };
  const { url } = await ask();
  const kinds = badRequests(url, photo);
  const outcomes = new Map();
  const perRound = Math.round(Number(values.requests) / ROUNDS);
  const samples = [];
  for (let round = 1; round <= ROUNDS; round++) {
    await sendMany(kinds, perRound, outcomes);
    const answer = await fetch(url, { method: 'POST', body: photo });
    assert.equal(answer.status, 200, 'it no longer answers');
    await answer.text();
    const { processIds, waiting, running, restarts, heapUsed } = await ask();
    assert.deepEqual([waiting, running, restarts], [0, 0, 0]);
    const [server, worker] = [child.pid, processIds[0]].map(residentBytes);
    samples.push({ at: round * perRound, 'server heap': heapUsed, server, worker });
    console.log(
      `${round * perRound} of ${ROUNDS * perRound}: server ${mebibytes(server)}, its heap ${mebibytes(heapUsed)}, worker ${mebibytes(worker)}`,
    );
  }
  console.table([...outcomes].map(([kind, counts]) => ({ kind, ...counts })));
  child.disconnect();
  await rm(path, { recursive: true });
  // Objects that are kept show in the heap first: it is read after two collections.
  for (const name of ['server heap', 'server', 'worker']) {
    reportGrowth(name, samples.slice(WARM_UP_ROUNDS));
  }
}

/** How memory grew a request, with the interval that a soak has. Exit status 1 where it grew beyond chance. */
function reportGrowth(name, samples) {
  const growth = growthOf(samples.map(({ at, [name]: value }) => ({ at, value })));
  const { perUnit, low, high } = growth;
  const [from, to] = [samples[0], samples.at(-1)];
  console.log(
    `${name}: ${mebibytes(from[name])} after ${from.at} requests, ${mebibytes(to[name])} after ${to.at}; slope ${Math.round(perUnit)} bytes a request (99% interval ${Math.round(low)} to ${Math.round(high)})`,
  );
  if (isGrowing(growth)) process.exitCode = 1;
}

/** Each kind of bad request, as a function that sends one and tells what became of it. */
function badRequests(url, photo) {
  const post = (body) => async () => {
    const answer = await fetch(url, { method: 'POST', body, duplex: 'half' });
    await answer.arrayBuffer();
    return String(answer.status);
  };
  const large = Buffer.from(photo);
  const frame = large.findIndex(
    (byte, at) => byte === 0xff && [0xc0, 0xc2].includes(large[at + 1]),
  );
  large.writeUInt16BE(10_000, frame + 5);
  large.writeUInt16BE(10_000, frame + 7);
  const damaged = Buffer.from(photo);
  damaged.fill(0x5a, Math.floor(photo.length / 3), Math.floor(photo.length / 2));
  return {
    'no image': post('hello'),
    nothing: post(''),
    '100 megapixels': post(large),
    truncated: post(photo.subarray(0, photo.length / 2)),
    damaged: post(damaged),
    '50 MB': post(Buffer.alloc(50_000_000)),
    '50 MB, length unknown': post(endless(50_000_000)),
    'aborted midway': () =>
      raw(url, photo.subarray(0, 1000), photo.length, (socket) => socket.destroy()),
    'aborted when sent': () => raw(url, photo, photo.length, (socket) => socket.destroy()),
    'slow sender': () => raw(url, photo.subarray(0, 10), photo.length, () => {}),
    'no HTTP': () => raw(url, undefined, 0, (socket) => socket.write('\0\0\0\0\r\n\r\n')),
  };
}

/** A new stream each time it is read. */
function endless(bytes) {
  return {
    async *[Symbol.asyncIterator]() {
      for (let sent = 0; sent < bytes; sent += 65_536) yield new Uint8Array(65_536);
    },
  };
}

/** Sends by hand, does `then`, and waits for the connection's end. */
async function raw(url, body, length, then) {
  const socket = connect(Number(new URL(url).port), '127.0.0.1');
  socket.on('error', () => {});
  let answer = '';
  socket.on('data', (chunk) => {
    answer += chunk;
  });
  await once(socket, 'connect');
  if (body) {
    socket.write(`POST / HTTP/1.1\r\nhost: here\r\ncontent-length: ${length}\r\n\r\n`);
    socket.write(body);
  }
  setTimeout(() => then(socket), 5);
  await once(socket, 'close');
  return answer.split(' ')[1] ?? 'closed';
}

async function sendMany(kinds, count, outcomes) {
  let sent = 0;
  const sender = async () => {
    while (sent < count) {
      const [kind, send] = Object.entries(kinds)[sent++ % Object.keys(kinds).length];
      const outcome = await send().catch(() => 'closed');
      // What was sent whole may be answered before it is given up.
      const isAnswered = kind === 'aborted when sent' && outcome === '200';
      assert.ok(isAnswered || /^(4\d\d|503|closed)$/.test(outcome), `${kind}: ${outcome}`);
      const counts = outcomes.get(kind) ?? {};
      outcomes.set(kind, { ...counts, [outcome]: (counts[outcome] ?? 0) + 1 });
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, sender));
}

function residentBytes(processId) {
  const status = readFileSync(`/proc/${processId}/status`, 'utf8');
  return 1024 * Number(status.match(/^VmRSS:\s+(\d+)/m)[1]);
}

function mebibytes(bytes) {
  return `${(bytes / MEBIBYTE).toFixed(1)} MiB`;
}
