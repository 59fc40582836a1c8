// Sends bad requests of every kind to a server, good ones between them, and shows that its memory stays and that it still answers.
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
const ROUNDS = 10;
/** Of memory after the third round, when the process has found its size. */
const MOST_GROWTH = 0.1;

if (positionals[0] === 'serve') await serve(positionals[1]);
else await attack();

async function serve(path) {
  const serving = await openServing(servedModel(path, values.contender), { workers: 1 });
  const server = await serveHttp(serving, { bodyTimeoutMs: 500 });
  process.on('message', () => process.send({ url: server.url, ...serving.stats() }));
  process.on('disconnect', () => process.exit());
  process.send('ready');
}

async function attack() {
  const path = await saveNetwork('simple-cnn', 48);
  const scenes = { directory: join(path, 'scenes'), trainPerClass: 1, testPerClass: 1 };
  const { test } = await createSampleSet(scenes);
  const photo = await readFile(test[0].path);
  const args = ['serve', path, '--contender', values.contender];
  const child = fork(fileURLToPath(import.meta.url), args, { stdio: 'inherit' });
  await once(child, 'message');
  const ask = async () => {
    child.send('stats');
    return (await once(child, 'message'))[0];
  };
  const { url } = await ask();
  const kinds = badRequests(url, photo);
  const outcomes = new Map();
  const perRound = Math.round(Number(values.requests) / ROUNDS);
  const memory = [];
  for (let round = 1; round <= ROUNDS; round++) {
    await sendMany(kinds, perRound, outcomes);
    const answer = await fetch(url, { method: 'POST', body: photo });
    assert.equal(answer.status, 200, 'it no longer answers');
    await answer.text();
    const { processIds, waiting, running, restarts } = await ask();
    assert.deepEqual([waiting, running, restarts], [0, 0, 0]);
    memory.push({
      requests: round * perRound,
      'server MiB': residentMebibytes(child.pid),
      'worker MiB': residentMebibytes(processIds[0]),
    });
  }
  console.table([...outcomes].map(([kind, counts]) => ({ kind, ...counts })));
  console.table(memory);
  child.disconnect();
  await rm(path, { recursive: true });
  for (const name of ['server MiB', 'worker MiB']) {
    const [, , early] = memory;
    const growth = memory.at(-1)[name] / early[name] - 1;
    console.log(
      `${name}: ${(100 * growth).toFixed(1)} % more than after ${early.requests} requests`,
    );
    if (growth > MOST_GROWTH) process.exitCode = 1;
  }
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

function residentMebibytes(processId) {
  const status = readFileSync(`/proc/${processId}/status`, 'utf8');
  return Math.round(Number(status.match(/^VmRSS:\s+(\d+)/m)[1]) / 1024);
}
