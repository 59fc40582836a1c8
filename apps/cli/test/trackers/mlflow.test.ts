import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { parseResults } from '@dlcmp/bench-core';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { connectMlflow } from '../../src/trackers/mlflow';

interface Request {
  readonly path: string;
  readonly body: Record<string, unknown>;
}

let server: Server;
let url: string;
let requests: Request[];
let experiments: { experiment_id: string; name: string }[];

/** Answers as an MLflow server does, and keeps what it was asked. */
beforeEach(async () => {
  requests = [];
  experiments = [];
  // A connection is never closed for having waited: the client might just be about to use it.
  server = createServer({ keepAliveTimeout: 0 }, async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const path = request.url?.replace('/api/2.0/mlflow/', '') ?? '';
    requests.push({ path, body: JSON.parse(Buffer.concat(chunks).toString()) });
    const answers: Record<string, unknown> = {
      'experiments/search': { experiments },
      'experiments/create': { experiment_id: '7' },
      'runs/create': { run: { info: { run_id: `run-${requests.length}` } } },
      'runs/log-batch': {},
      'runs/update': {},
    };
    response.statusCode = path in answers ? 200 : 404;
    response.end(JSON.stringify(answers[path] ?? { error_code: 'ENDPOINT_NOT_FOUND' }));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});

afterEach(() => {
  server.closeAllConnections();
  server.close();
});

describe('connectMlflow', () => {
  it('creates the experiment where there is none, and finds the one there is', async () => {
    await connectMlflow(`${url}/`);
    expect(requests.map(({ path }) => path)).toEqual(['experiments/search', 'experiments/create']);
    experiments = [{ experiment_id: '3', name: 'dlcmp' }];
    requests = [];
    await (await connectMlflow(url)).log(oneFailure());
    expect(requests[1]).toMatchObject({ path: 'runs/create', body: { experiment_id: '3' } });
  });

  it('says where no server answers, before anything is run', async () => {
    server.close();
    await expect(connectMlflow('http://127.0.0.1:9')).rejects.toMatchObject({
      code: 'INVALID_ARGUMENT',
      message: expect.stringContaining('--mlflow http://127.0.0.1:9 does not answer'),
    });
  });

  it('passes on what a server refuses', async () => {
    await expect(connectMlflow(`${url}/elsewhere`)).rejects.toMatchObject({
      message: expect.stringContaining('404'),
    });
  });
});

it('logs a trial as a run with its parameters and how it ended', async () => {
  const tracker = await connectMlflow(url);
  requests = [];
  await tracker.log(oneFailure());
  expect(requests.map(({ path }) => path)).toEqual([
    'runs/create',
    'runs/log-batch',
    'runs/update',
  ]);
  const [create, batch, update] = requests;
  expect(create?.body).toMatchObject({ experiment_id: '7', run_name: 'cnn-onnx-cpu-seed-4' });
  expect(batch?.body).toMatchObject({ run_id: 'run-1', metrics: [] });
  expect(batch?.body.params).toContainEqual({ key: 'learningRate', value: '0.001' });
  expect(update?.body).toMatchObject({ run_id: 'run-1', status: 'FAILED' });
});

function oneFailure() {
  const errors = { logits: 1, losses: 1, gradients: 1, finalWeights: 1 };
  return parseResults({
    schemaVersion: 1,
    startedAt: '2026-01-01T00:00:00.000Z',
    configuration: {
      track: 'parity',
      adapters: [],
      epochs: 1,
      batchSize: 32,
      imageSize: 32,
      forestImageSize: 64,
      learningRate: 0.001,
      architecture: { channels: [1, 1, 1], hiddenUnits: 1, dropoutRate: 0 },
      seeds: [4],
      limit: null,
      threads: 2,
    },
    dataset: {
      name: 'scenes',
      synthetic: false,
      classNames: [],
      trainCount: 0,
      testCount: 0,
      testImages: [],
      fingerprint: 'f',
      skipped: [],
    },
    machine: {
      os: 'x',
      cpuModel: 'x',
      cpuFlags: [],
      coresAllowed: 2,
      memoryBytes: 1,
      gpus: [],
      nodeVersion: '20',
    },
    parityGate: { status: 'not-applicable', reason: 'x', tolerance: errors, comparisons: [] },
    trials: [
      {
        adapter: 'cnn-onnx',
        displayName: 'ONNX',
        backend: 'cpu',
        seed: 4,
        totalSeconds: 2,
        status: 'failed',
        error: { code: 'CRASHED', message: 'x', exitCode: 1, signal: null, stderrTail: '' },
      },
    ],
  });
}
