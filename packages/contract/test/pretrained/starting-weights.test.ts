import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import {
  downloadWeights,
  drawNetworkWeights,
  hasWeights,
  type PublishedWeights,
  readPretrainedWeights,
  resolveNetwork,
  simpleCnn,
  startingWeights,
} from '../../src';

const size = { inputHeight: 8, inputWidth: 8 };
const description = simpleCnn({ channels: [2, 2, 2], hiddenUnits: 4 });
const ofThree = resolveNetwork(description, size, 3);
const ofFive = resolveNetwork(description, size, 5);

describe('startingWeights', () => {
  const pretrained = drawNetworkWeights(ofFive, 1);

  it('are the file where its classes are as many', () => {
    expect(startingWeights(pretrained, ofFive, 7)).toEqual({ weights: pretrained });
  });

  it('have a last layer drawn by the seed where its classes are others', () => {
    const { weights, drawnHead } = startingWeights(pretrained, ofThree, 7);
    expect(drawnHead).toBe('fc2');
    const drawn = drawNetworkWeights(ofThree, 7);
    expect(weights['fc2.weight']).toEqual(drawn['fc2.weight']);
    expect(weights['fc2.bias']).toEqual(drawn['fc2.bias']);
    expect(weights['conv1.weight']).toBe(pretrained['conv1.weight']);
  });
});

describe('downloadWeights', () => {
  const content = Buffer.from('what a server holds');
  const published = {
    ...{ name: 'resnet-18', trainedOn: 'nothing', licence: 'MIT', megabytes: 0, file: 'some.pth' },
    sha256: '2d4c2c9b',
  };
  const { XDG_CACHE_HOME } = process.env;
  let server: Server;
  let folder: string;
  let address: string;

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'weights-'));
    process.env.XDG_CACHE_HOME = folder;
    server = createServer((request, response) => {
      response.statusCode = request.url === '/some.pth' ? 200 : 404;
      response.end(content);
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    address = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  });

  afterEach(async () => {
    if (XDG_CACHE_HOME === undefined) delete process.env.XDG_CACHE_HOME;
    else process.env.XDG_CACHE_HOME = XDG_CACHE_HOME;
    await new Promise((resolve) => server.close(resolve));
    await rm(folder, { recursive: true });
  });

  const from = (path: string, sha256: string): PublishedWeights => ({
    ...published,
    from: { address: `${address}${path}` },
    sha256,
  });

  it('keeps what has the published hash', async () => {
    const { createHash } = await import('node:crypto');
    const digest = createHash('sha256').update(content).digest('hex').slice(0, 8);
    const row = from('/some.pth', digest);
    expect(await downloadWeights(row)).toBe(join(folder, 'dlcmp', 'weights', 'some.pth'));
    expect(hasWeights(row)).toBe(true);
  });

  it.each([
    ['another hash', '/some.pth', 'SHA-256'],
    ['no such file', '/other.pth', 'answers 404'],
  ])('refuses %s, and leaves nothing', async (_, path, reason) => {
    const row = from(path, '0000');
    await expect(downloadWeights(row)).rejects.toMatchObject({
      code: 'INVALID_DATA',
      message: expect.stringContaining(reason),
    });
    expect(hasWeights(row)).toBe(false);
  });

  it('is what a name asks for that is not there', async () => {
    await expect(readPretrainedWeights('resnet-18')).rejects.toThrow(
      'dlcmp weights download resnet-18',
    );
    const own = join(folder, 'own.safetensors');
    await writeFile(own, 'none');
    await expect(readPretrainedWeights(own)).rejects.toMatchObject({ code: 'INVALID_FILE' });
  });
});
