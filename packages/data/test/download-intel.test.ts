import { readdir, readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { type DownloadOptions, type DownloadProgress, downloadIntel } from '../src';
import {
  type ArchiveServer,
  type Handler,
  type ServeOptions,
  serve,
  startServer,
} from './archive-server';
import { temporaryFolder, writeFiles } from './image-folder';
import { intelEntries, zip } from './zip-archive';

let archive: Buffer;
let target: string;
const servers: ArchiveServer[] = [];

beforeAll(async () => {
  archive = await zip(await intelEntries());
});
beforeEach(async () => {
  target = await temporaryFolder();
});
afterEach(async () => {
  for (const server of servers.splice(0)) await server.close();
});

const start = async (handler: Handler) => {
  const server = await startServer(handler);
  servers.push(server);
  return server;
};
/** Where the client keeps what it has received. */
const part = () => join(target, '.dlcmp-download', 'archive.zip.part');
/** Answers the n-th request by the n-th of `answers`, then by the last. */
const startServing = (...answers: ServeOptions[]) => {
  let count = 0;
  return start((request, response) => {
    const answer = answers[Math.min(count++, answers.length - 1)];
    serve(archive, request, response, { ...answer, part: part() });
  });
};
const download = (server: ArchiveServer, options: Partial<DownloadOptions> = {}) =>
  downloadIntel({ target, url: `${server.origin}/archive.zip`, retryDelayMs: 1, ...options });

describe('downloadIntel', () => {
  test('brings the splits into the target and leaves nothing else there', async () => {
    const { dataset, verified } = await download(await startServing({}));
    expect(dataset.classNames).toEqual(['forest', 'sea']);
    expect([dataset.train.length, dataset.test.length, verified]).toEqual([3, 2, true]);
    expect((await readdir(target)).sort()).toEqual(['seg_pred', 'seg_test', 'seg_train']);
    const [first] = await intelEntries();
    expect(
      (await readFile(join(target, first?.name ?? ''))).equals(first?.content ?? archive),
    ).toBe(true);
  });

  test('tells how many bytes came and how many there are', async () => {
    const seen: DownloadProgress[] = [];
    await download(await startServing({}), { onProgress: (progress) => seen.push(progress) });
    const last = seen.filter(({ phase }) => phase === 'download').at(-1);
    expect(last).toEqual({
      phase: 'download',
      completedBytes: archive.length,
      totalBytes: archive.length,
    });
    const unpacked = (await intelEntries()).reduce((sum, { content }) => sum + content.length, 0);
    expect(seen.at(-1)).toEqual({
      phase: 'unpack',
      completedBytes: unpacked,
      totalBytes: unpacked,
    });
  });

  test('goes on after dropped connections with what is missing', async () => {
    const server = await startServing({ dropAfter: 1000 }, { dropAfter: 700 }, {});
    const { verified } = await download(server);
    expect(verified).toBe(true);
    expect(server.requests.map(({ headers }) => headers.range)).toEqual([
      undefined,
      'bytes=1000-',
      'bytes=1700-',
    ]);
    expect(server.requests[1]?.headers['if-range']).toBe('"v1"');
  });

  test('goes on where an earlier run was stopped', async () => {
    const controller = new AbortController();
    const server = await start((request, response) => {
      const dropped = { dropAfter: 900, part: part() };
      serve(archive, request, response, server.requests.length === 1 ? dropped : {});
    });
    const stopped = download(server, {
      signal: controller.signal,
      onProgress: ({ completedBytes }) => completedBytes >= 900 && controller.abort(),
    });
    await expect(stopped).rejects.toMatchObject({ code: 'ABORTED' });
    expect((await download(server)).verified).toBe(true);
    expect(server.requests.at(-1)?.headers.range).toBe('bytes=900-');
  });

  test('takes up an archive that was complete before it was stopped', async () => {
    const server = await startServing({});
    const controller = new AbortController();
    const stopped = download(server, {
      signal: controller.signal,
      onProgress: ({ phase }) => phase === 'unpack' && controller.abort(),
    });
    await expect(stopped).rejects.toMatchObject({ code: 'ABORTED' });
    expect(await readdir(target)).toEqual(['.dlcmp-download']);
    expect((await download(server)).verified).toBe(true);
    expect(server.requests).toHaveLength(2);
  });

  test('starts over where the archive has changed in between', async () => {
    const server = await startServing({ dropAfter: 1000 }, { etag: '"v2"' });
    expect((await download(server)).verified).toBe(true);
    expect(server.requests[1]?.headers['if-range']).toBe('"v1"');
  });

  test('starts over where the server knows no ranges', async () => {
    const server = await startServing({ dropAfter: 1000 }, { ignoreRange: true });
    expect((await download(server)).verified).toBe(true);
  });

  test('asks for no range without an entity tag to guard it', async () => {
    const server = await startServing({ dropAfter: 1000, etag: '' }, { etag: '' });
    expect((await download(server)).verified).toBe(true);
    expect(server.requests.map(({ headers }) => headers.range)).toEqual([undefined, undefined]);
  });

  test('gives up after five attempts that brought nothing', async () => {
    const server = await startServing({ dropAfter: 0 });
    await expect(download(server)).rejects.toMatchObject({
      code: 'INVALID_DATA',
      message: expect.stringContaining('goes on where it stopped'),
    });
    expect(server.requests).toHaveLength(5);
  });

  test.each(['x-goog-hash', 'content-md5'] as const)(
    'refuses and removes what does not have the MD5 of %s',
    async (md5) => {
      const server = await start((request, response) => {
        const sent = Buffer.from(archive);
        sent.writeUInt8(sent.readUInt8(200) ^ 1, 200);
        const write = response.end.bind(response);
        response.end = ((body?: Buffer) => write(body && sent)) as typeof response.end;
        serve(archive, request, response, { md5 });
      });
      await expect(download(server)).rejects.toMatchObject({
        code: 'INVALID_DATA',
        message: expect.stringContaining('arrived damaged'),
      });
      expect(await readdir(join(target, '.dlcmp-download'))).toEqual([]);
    },
  );

  test('says that the content is unproven where no MD5 is stated', async () => {
    expect((await download(await startServing({ md5: 'none' }))).verified).toBe(false);
  });

  describe('answered by something else than the archive', () => {
    const page = '<!DOCTYPE html><html><head><title>Sign\u001b[31m\n in</title></head></html>';
    const answerPage: Handler = (_, response) => {
      response.writeHead(200, { 'content-type': 'text/html', etag: '"page"' }).end(page);
    };

    test('keeps what had been received, and goes on from there', async () => {
      const server = await start((request, response) => {
        const count = server.requests.length;
        if (count === 2) answerPage(request, response);
        else serve(archive, request, response, count === 1 ? { dropAfter: 900, part: part() } : {});
      });
      await expect(download(server)).rejects.toThrow(
        /answered with a web page \(HTML\), "Sign \[31m in",.*The 900 bytes that came before are kept/,
      );
      expect(await readFile(part())).toEqual(archive.subarray(0, 900));
      expect((await download(server)).verified).toBe(true);
      expect(server.requests.at(-1)?.headers.range).toBe('bytes=900-');
    });

    test.each([
      ['a web page (HTML)', page],
      ['a JSON document, "{"code":403}",', '{"code":403}'],
      ['empty (0 bytes)', ''],
      ['something else', 'P'],
    ])('tells %s, the account and --from', async (kind, body) => {
      const server = await start((_, response) => response.writeHead(200).end(body));
      const downloading = download(server);
      await expect(downloading).rejects.toMatchObject({ code: 'INVALID_DATA' });
      await expect(downloading).rejects.toThrow(`answered with ${kind}`);
      await expect(downloading).rejects.toThrow(/Set KAGGLE_USERNAME and KAGGLE_KEY.*--from/);
      expect(server.requests).toHaveLength(1);
    });

    test('tells that credentials were not accepted', async () => {
      const credentials = { username: 'ada', key: 'wrong' };
      await expect(download(await start(answerPage), { credentials })).rejects.toThrow(
        'did not accept',
      );
    });
  });

  describe('from a server that falls silent', () => {
    const silences: string[] = [];
    beforeEach(() => void silences.splice(0));
    const patience = {
      silenceLimitMs: 120,
      onDelay: (sentence: string) => silences.push(sentence),
    };

    test('tells that nothing comes and goes on with another attempt', async () => {
      const server = await start((request, response) => {
        if (server.requests.length > 1) return serve(archive, request, response);
        response.writeHead(200, { etag: '"v1"', 'content-length': archive.length });
        response.write(archive.subarray(0, 800));
      });
      expect((await download(server, patience)).verified).toBe(true);
      expect(server.requests.at(-1)?.headers.range).toBe('bytes=800-');
      expect(silences[0]).toMatch(
        /^Waiting for 127.* nothing received for 0\.02 s, and at 0\.12 s/,
      );
      expect(silences).toContainEqual(
        expect.stringMatching(/it sent nothing for 0\.12 s\)\. Trying again in/),
      );
    });

    test('gives up on one that never answers', async () => {
      const server = await start(() => {});
      await expect(download(server, patience)).rejects.toMatchObject({
        code: 'INVALID_DATA',
        message: expect.stringMatching(/sent nothing for 0\.12 s.*Check the network.*--from/),
      });
      expect(server.requests).toHaveLength(5);
    });

    test('is stopped by the caller as ever', async () => {
      const controller = new AbortController();
      const server = await start(() => controller.abort());
      const { signal } = controller;
      await expect(download(server, { ...patience, signal })).rejects.toMatchObject({
        code: 'ABORTED',
      });
    });
  });

  test.each(['nonsense', 'file:///etc/passwd', 'ftp://example.org/a.zip', '/archive.zip'])(
    'refuses the address %s',
    async (url) => {
      await expect(downloadIntel({ target, url })).rejects.toMatchObject({
        code: 'INVALID_ARGUMENT',
        message: expect.stringMatching(/must begin with https:\/\/.*--from/),
      });
    },
  );

  describe('redirected', () => {
    const credentials = { username: 'ada', key: 'secret' };

    test('sends credentials to the host asked for, never to the one it names', async () => {
      const storage = await startServing({});
      const front = await start((_, response) => {
        response.writeHead(302, { location: `${storage.origin}/signed` }).end();
      });
      await download(front, { credentials });
      const basic = `Basic ${Buffer.from('ada:secret').toString('base64')}`;
      expect(front.requests[0]?.headers.authorization).toBe(basic);
      expect(storage.requests[0]?.headers.authorization).toBeUndefined();
    });

    test('follows a relative address', async () => {
      const server = await start((request, response) => {
        if (request.url === '/archive.zip') response.writeHead(307, { location: '/other' }).end();
        else serve(archive, request, response);
      });
      expect((await download(server)).verified).toBe(true);
    });

    test.each([
      ['http://[::1', 'which is no address'],
      ['file:///etc/passwd', 'file: is not of the web'],
      ['data:text/plain,x', 'data: is not of the web'],
    ])('refuses %s and asks once', async (location, fault) => {
      const server = await start((_, response) => response.writeHead(302, { location }).end());
      const downloading = download(server);
      await expect(downloading).rejects.toMatchObject({ code: 'INVALID_DATA' });
      await expect(downloading).rejects.toThrow(`redirects to "${location}"`);
      await expect(downloading).rejects.toThrow(fault);
      expect(server.requests).toHaveLength(1);
    });

    test('gives up in a circle', async () => {
      const server = await start((_, response) => {
        response.writeHead(302, { location: '/archive.zip' }).end();
      });
      await expect(download(server)).rejects.toThrow('redirects more than 10 times');
    });
  });

  describe('says what to do', () => {
    const answer = async (status: number, options: Partial<DownloadOptions> = {}) => {
      const headers = { 'retry-after': '120' };
      return download(
        await start((_, response) => response.writeHead(status, headers).end()),
        options,
      );
    };

    test.each([
      [401, 'Set KAGGLE_USERNAME and KAGGLE_KEY'],
      [403, 'Set KAGGLE_USERNAME and KAGGLE_KEY'],
      [404, 'Check the address'],
      [429, 'after 120'],
      [503, 'Try again later'],
    ])('about an answer of %i', async (status, advice) => {
      const failed = answer(status);
      await expect(failed).rejects.toMatchObject({
        code: 'INVALID_DATA',
        message: expect.stringContaining(advice),
      });
      await expect(failed).rejects.toThrow(String(status));
    });

    test('about credentials that were refused', async () => {
      const credentials = { username: 'ada', key: 'wrong' };
      await expect(answer(401, { credentials })).rejects.toThrow('did not accept');
    });

    test('about a server that is not there', async () => {
      const server = await startServing({});
      await server.close();
      await expect(download(server)).rejects.toThrow(/ECONNREFUSED.*Check the network/);
    });

    test('about a target that cannot be written', async () => {
      const file = join(target, 'file');
      await writeFile(file, '');
      const downloading = download(await startServing({}), { target: file });
      await expect(downloading).rejects.toThrow(/cannot be written.*Choose a target folder/);
    });

    test('about a target that already holds a split', async () => {
      await writeFiles(target, { 'seg_test/sea/1.jpg': 'mine' });
      await expect(download(await startServing({}))).rejects.toMatchObject({
        code: 'INVALID_ARGUMENT',
        message: expect.stringContaining('already holds seg_test'),
      });
    });
  });

  test.each([
    ['sound', 'none', /^The archive from .* is damaged.*It was removed: run the command again/, []],
    ['so on the server', 'x-goog-hash', /is damaged.*The server has it so/, []],
  ] as const)('says what to do about an archive that is not %s', async (_, md5, advice, left) => {
    const damaged = archive.subarray(0, -30);
    const server = await start((request, response) => serve(damaged, request, response, { md5 }));
    await expect(download(server)).rejects.toThrow(advice);
    expect(await readdir(target)).toEqual(left);
  });

  test('keeps an archive that is refused as it is', async () => {
    const server = await startServing({});
    const downloading = download(server, { maxUnpackedBytes: 100 });
    await expect(downloading).rejects.toThrow(`${part()}, would unpack to`);
    expect((await stat(part())).size).toBe(archive.length);
  });

  describe('from a file', () => {
    test('unpacks it without a server, and keeps it', async () => {
      const from = join(await temporaryFolder(), 'archive.zip');
      await writeFile(from, archive);
      const { dataset, verified } = await downloadIntel({ target, from });
      expect([dataset.train.length, verified]).toEqual([3, false]);
      expect((await stat(from)).size).toBe(archive.length);
    });

    test('leaves other files of the target alone', async () => {
      await writeFiles(target, { 'README.md': 'mine' });
      const from = join(await temporaryFolder(), 'archive.zip');
      const readme = { name: 'README.md', content: Buffer.from('theirs') };
      await writeFile(from, await zip([...(await intelEntries()), readme]));
      await expect(downloadIntel({ target, from })).rejects.toThrow('already holds README.md');
      expect(await readFile(join(target, 'README.md'), 'utf8')).toBe('mine');
    });

    test('unpacks the data set out of a folder that wraps it, without what macOS adds', async () => {
      const from = join(await temporaryFolder(), 'archive.zip');
      const entries = (await intelEntries()).map((entry) => ({
        ...entry,
        name: `archive/${entry.name}`,
      }));
      const fork = { name: '__MACOSX/archive/._x.jpg', content: Buffer.from('x') };
      await writeFile(from, await zip([...entries, fork]));
      expect((await downloadIntel({ target, from })).dataset.root).toBe(target);
      expect((await readdir(target)).sort()).toEqual(['seg_pred', 'seg_test', 'seg_train']);
    });

    test('tells a missing file, a folder, and two sources at once', async () => {
      const from = join(target, 'no.zip');
      await expect(downloadIntel({ target, from })).rejects.toMatchObject({
        code: 'INVALID_FILE',
        message: `${from} does not exist. Check the path given with --from.`,
      });
      await expect(downloadIntel({ target, from: target })).rejects.toThrow(
        /is a folder.*pass it with --data/,
      );
      const both = { target, from, url: 'http://127.0.0.1/' };
      await expect(downloadIntel(both)).rejects.toMatchObject({ code: 'INVALID_ARGUMENT' });
    });

    test('refuses an archive that holds no data set', async () => {
      const from = join(await temporaryFolder(), 'archive.zip');
      await writeFile(from, await zip([{ name: 'a/b.jpg', content: Buffer.from('x') }]));
      await expect(downloadIntel({ target, from })).rejects.toThrow(
        /does not hold a data set:.*archive\.zip is laid out.*a \(1 image\)/s,
      );
      expect(await readdir(target)).toEqual([]);
    });
  });
});
