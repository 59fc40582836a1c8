import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type CompletedTrial, type FailedTrial, parseResults } from '@dlcmp/bench-core';
import { simpleCnn } from '@dlcmp/contract';
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

  it('says where a server answers with a web page', async () => {
    const page = createServer((_, response) => response.end('<html>Sign in</html>'));
    await new Promise<void>((resolve) => page.listen(0, '127.0.0.1', resolve));
    const address = `http://127.0.0.1:${(page.address() as AddressInfo).port}`;
    await expect(connectMlflow(address)).rejects.toMatchObject({
      code: 'INVALID_ARGUMENT',
      message: expect.stringMatching(/answered .* with 200, which is not what MLflow says: <html>/),
    });
    page.closeAllConnections();
    page.close();
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

it('logs each trial at the time when it began, and each epoch when it ended', async () => {
  const tracker = await connectMlflow(url);
  requests = [];
  const [failure] = oneFailure().trials as [FailedTrial];
  const begun = ['2026-01-01T00:00:05.000Z', '2026-01-01T00:00:30.000Z'];
  const completed = {
    ...failure,
    status: 'completed',
    startedAt: begun[1],
    totalSeconds: 20,
    phases: { importSeconds: 1, createSeconds: 2, dataSeconds: 1 },
    latency: {},
    epochs: [
      { epoch: 1, trainLoss: 2, accuracy: 0.5, trainSeconds: 3, evaluationSeconds: 1 },
      { epoch: 2, trainLoss: 1, accuracy: 0.6, trainSeconds: 3, evaluationSeconds: 1 },
    ],
  } as unknown as CompletedTrial;
  const trials = [{ ...failure, startedAt: begun[0] }, completed];
  await tracker.log({ ...oneFailure(), trials });
  const bodies = (name: string) =>
    requests.filter(({ path }) => path === name).map(({ body }) => body);
  expect(bodies('runs/create').map((body) => body.start_time)).toEqual(begun.map(Date.parse));
  const start = Date.parse(begun[1] as string);
  expect(bodies('runs/update').map((body) => body.end_time)).toEqual([
    Date.parse(begun[0] as string) + 2000,
    start + 20_000,
  ]);
  const logged = bodies('runs/log-batch')[1]?.metrics as { step: number; timestamp: number }[];
  const times = new Set(logged.map(({ step, timestamp }) => `${step} ${timestamp - start}`));
  expect([...times]).toEqual(['1 8000', '2 12000', '2 20000']);
});

function oneFailure() {
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
      network: simpleCnn({ channels: [1, 1, 1], hiddenUnits: 1, dropoutRate: 0 }),
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
    parityGate: { status: 'not-applicable', reason: 'x' },
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
