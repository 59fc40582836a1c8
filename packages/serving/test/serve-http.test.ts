import { rm } from 'node:fs/promises';
import { request as httpRequest } from 'node:http';
import { connect } from 'node:net';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import sharp from 'sharp';
import { type HttpServer, openServing, type Serving, serveHttp } from '../src';
import { ADAPTER, image, saveBlockingModel, until, withServing } from './blocking-model';

let model: string;
let serving: Serving;
let server: HttpServer;
let jpeg: Buffer;

beforeAll(async () => {
  model = await saveBlockingModel(20);
  const options = { workers: 1, threads: 1, maxBatch: 1, maxQueue: 2, maxImageBytes: 100_000 };
  serving = await openServing({ path: model, adapter: ADAPTER }, options);
  server = await serveHttp(serving, { bodyTimeoutMs: 300 });
  const grey = { width: 60, height: 40, channels: 3, background: '#808080' } as const;
  jpeg = await sharp({ create: grey }).jpeg().toBuffer();
});

afterAll(async () => {
  await server.close();
  await serving.close();
  await rm(model, { recursive: true });
});

interface Answer {
  readonly classes: readonly { readonly name: string; readonly probability: number }[];
  readonly error: { readonly code: string; readonly message: string };
}

const post = async (body: Uint8Array | ReadableStream) => {
  const response = await fetch(server.url, { method: 'POST', body, duplex: 'half' } as RequestInit);
  return { status: response.status, content: (await response.json()) as Answer };
};

/** The JPEG with another height and width in its frame header. */
function claiming(side: number): Buffer {
  const changed = Buffer.from(jpeg);
  const frame = changed.indexOf(Buffer.from([0xff, 0xc0]));
  changed.writeUInt16BE(side, frame + 5);
  changed.writeUInt16BE(side, frame + 7);
  return changed;
}

describe('a server', () => {
  test('answers an image with its most probable classes', async () => {
    const { status, content } = await post(jpeg);
    expect(status).toBe(200);
    expect(content.classes.map(({ name }) => name)).toEqual(['mean', 'batch', 'none']);
    expect(content.classes[0]?.probability).toBeGreaterThan(125);
  });

  test.each([
    ['nothing', () => Buffer.alloc(0), 400, 'is empty'],
    ['text', () => Buffer.from('hello'), 400, 'is not an image'],
    ['half a JPEG', () => jpeg.subarray(0, jpeg.length / 2), 400, 'truncated'],
    ['100 megapixels', () => claiming(10_000), 400, 'too large (over 64 million pixels)'],
    ['too many bytes', () => Buffer.alloc(50_000_000), 413, 'At most 100000 bytes'],
  ])('refuses %s', async (_, body, status, reason) => {
    // Where much of a body is left, the connection may be closed before its sender has read the answer.
    const answer = await post(body()).catch(() => undefined);
    if (!answer) expect(status).toBe(413);
    else {
      expect(answer.status).toBe(status);
      expect(answer.content.error.message).toContain(reason);
    }
  });

  test('stops reading a body of unknown length at the limit', async () => {
    let sent = 0;
    const endless = new ReadableStream({
      pull(controller) {
        sent += 65_536;
        controller.enqueue(new Uint8Array(65_536));
      },
    });
    const answer = await post(endless).catch(() => ({ status: 413 }));
    expect(answer.status).toBe(413);
    expect(sent).toBeLessThan(20_000_000);
  });

  test('says how to ask', async () => {
    const response = await fetch(server.url);
    expect([response.status, response.headers.get('allow')]).toEqual([405, 'POST']);
  });

  test('closes on who sends too slowly', async () => {
    const socket = connect(Number(new URL(server.url).port), '127.0.0.1');
    socket.write('POST / HTTP/1.1\r\nhost: here\r\ncontent-length: 1000\r\n\r\n\xff\xd8');
    let answer = '';
    for await (const chunk of socket) answer += chunk;
    expect(answer).toMatch(/^HTTP\/1\.1 408 /);
    expect(answer).toMatch(/connection: close/);
  });

  test('computes no image of a sender that has gone', async () => {
    // So slow that the sender has come and gone before the one ahead of it is answered.
    await withServing(1000, { workers: 1, maxBatch: 1 }, async (slow) => {
      const slowServer = await serveHttp(slow);
      const ahead = slow.predictPixels(image(1));
      const sender = httpRequest(slowServer.url, { method: 'POST' });
      sender.on('error', () => {});
      sender.end(jpeg);
      await until(() => slow.stats().waiting === 1);
      sender.destroy();
      await until(() => slow.stats().aborted === 1);
      await ahead;
      expect(slow.stats()).toMatchObject({ answered: 1, waiting: 0, running: 0 });
      await slowServer.close();
    });
  });

  test('goes on where a sender has gone halfway', async () => {
    const halfway = httpRequest(server.url, { method: 'POST' });
    const gone = new Promise((resolve) => halfway.on('close', resolve));
    halfway.on('error', () => {});
    halfway.write(jpeg.subarray(0, 100));
    setTimeout(() => halfway.destroy(), 20);
    await gone;
    expect((await post(jpeg)).status).toBe(200);
  });

  test('refuses for now what is too much at once', async () => {
    const answers = await Promise.all(Array.from({ length: 12 }, () => post(jpeg)));
    const statuses = answers.map(({ status }) => status);
    expect(new Set(statuses)).toEqual(new Set([200, 503]));
    expect(answers.find(({ status }) => status === 503)?.content.error.code).toBe('OVERLOADED');
  });
});
