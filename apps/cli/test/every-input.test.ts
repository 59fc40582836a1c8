import { execFileSync } from 'node:child_process';
import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { archiveKinds, makeArchive } from './inputs/archive-kinds';
import { LAYOUTS, makeLayout } from './inputs/folder-layouts';
import { type ImageKind, imageKinds } from './inputs/image-kinds';
import { type Outcome, runHere } from './inputs/run-here';
import { SERVER_ANSWERS } from './inputs/server-answers';
import { runDlcmp } from './run-dlcmp';

/** What no user should ever read. */
const NEVER = [
  /^\s+at .+:\d+:\d+\)?$/m,
  /\b(Zod|Type|Range|Reference)Error\b/,
  /\bundefined\b/,
  /\[object /,
  /\w\(s\)/,
];

/** A command that takes longer counts as hung. */
const LIMIT_MS = 10_000;

const KINDS = await imageKinds();
const ARCHIVES = await archiveKinds();
const cacheHome = process.env.XDG_CACHE_HOME;
let folder: string;
let model: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'dlcmp-inputs-'));
  process.env.XDG_CACHE_HOME = join(folder, 'cache');
  model = join(folder, 'forest');
  const scenes = join(folder, 'scenes');
  await runHere(['data', 'sample', '--out', scenes, '--train', '2', '--test', '1']);
  const trained = await runDlcmp(
    ['train', 'rf', '--quiet', '--data', scenes, '--out', model],
    folder,
  );
  expect(trained).toMatchObject({ status: 0 });
});

afterAll(async () => {
  if (cacheHome === undefined) delete process.env.XDG_CACHE_HOME;
  else process.env.XDG_CACHE_HOME = cacheHome;
  await rm(folder, { recursive: true });
});

/** Holds what a command answered against its exit status and what it must say. */
function expectAnswer(
  { status, stdout, stderr }: Outcome,
  exit: number,
  ...says: readonly RegExp[]
) {
  const all = stdout + stderr;
  // A list of problems has one a line.
  const line = all.replace(/\s+/g, ' ');
  for (const pattern of says) expect(line).toMatch(pattern);
  for (const pattern of NEVER) expect(all).not.toMatch(pattern);
  expect({ status, said: all.slice(-600) }).toEqual({ status: exit, said: expect.any(String) });
}

const bench = (data: string, ...options: readonly string[]) =>
  runHere([
    ...['bench', '--adapters', 'rf', '--no-setup', '--quiet', '--out', join(folder, 'run')],
    ...['--data', data, ...options],
  ]);

describe.each(KINDS)('$name among the images', (kind) => {
  let data: string;
  let file: string;
  let sound: string;
  beforeAll(async () => {
    data = join(folder, 'kinds', kind.name);
    const images = ['train/cat/0.png', 'train/dog/0.png', 'test/cat/0.png', 'test/dog/0.png'];
    await makeLayout(data, { name: '', images });
    file = join(data, 'train', 'cat', kind.fileName);
    sound = join(data, 'test', 'cat', '0.png');
    await writeFile(file, kind.content);
  });

  it(
    'is told by verify',
    async () => {
      const outcome = await runHere(['data', 'verify', data]);
      if (kind.refused) expectAnswer(outcome, 1, named(kind), kind.refused, /1 problem:/);
      else expectAnswer(outcome, 0, /3 training and 2 test images of 2 classes/, /No problems/);
    },
    LIMIT_MS,
  );

  it(
    'is told by predict',
    async () => {
      const outcome = await runHere(['predict', '--quiet', '--model', model, file]);
      if (kind.refused) expectAnswer(outcome, 2, named(kind), kind.refused, /--on-bad-image/);
      else expectAnswer(outcome, 0, named(kind), /\d %/);
    },
    LIMIT_MS,
  );

  it(
    'is left out by predict where asked to',
    async () => {
      const options = ['--quiet', '--format', 'csv', '--on-bad-image', 'skip', '--model', model];
      const outcome = await runHere(['predict', ...options, file, sound]);
      expect(outcome.stdout.trim().split('\n')).toHaveLength(kind.refused ? 2 : 3);
      expectAnswer(outcome, 0, ...(kind.refused ? [/left out: /, kind.refused] : []));
    },
    LIMIT_MS,
  );

  if (kind.refused) {
    it(
      'stops a bench before any training',
      async () => {
        expectAnswer(await bench(data), 2, named(kind), kind.refused as RegExp, /--on-bad-image/);
      },
      LIMIT_MS,
    );
  }
});

/** That a message names the file. */
function named({ fileName }: ImageKind): RegExp {
  return new RegExp(fileName.replaceAll('.', '\\.'));
}

describe.each(LAYOUTS)('a folder: $name', (layout) => {
  const { options = [], counts, refused = /./ } = layout;
  let root: string;
  beforeAll(async () => {
    root = join(folder, 'layouts', layout.name);
    await makeLayout(root, layout);
  });

  it(
    'is told by verify',
    async () => {
      const outcome = await runHere(['data', 'verify', root, ...options]);
      if (!counts) return expectAnswer(outcome, 1, refused);
      const [train, test] = counts;
      expectAnswer(
        outcome,
        0,
        new RegExp(`${train} training and ${test} test images of 2 classes`),
      );
    },
    LIMIT_MS,
  );

  it(
    'is told by bench',
    async () => {
      // One training image is too few for two classes: bench has opened the folder when it says so.
      const outcome = await bench(root, '--limit', '1', ...options);
      expectAnswer(outcome, 2, counts ? /The limit must be .* at least 2/ : refused);
    },
    LIMIT_MS,
  );

  if (counts) {
    it(
      'is gone through by predict',
      async () => {
        const outcome = await runHere([
          'predict',
          '--quiet',
          '--format',
          'csv',
          '--model',
          model,
          root,
        ]);
        expectAnswer(outcome, 0);
        expect(outcome.stdout.trim().split('\n')).toHaveLength(1 + layout.images.length);
      },
      LIMIT_MS,
    );
  }
});

describe.each(ARCHIVES)('an archive: $name', (archive) => {
  it(
    'is unpacked, or refused with nothing left behind',
    async () => {
      const place = join(folder, 'archives', archive.name);
      const target = join(place, 'target');
      const from = await makeArchive(place, archive);
      const outcome = await runHere([
        'data',
        'download',
        '--quiet',
        '--from',
        from,
        '--target',
        target,
      ]);
      if (archive.refused) {
        expectAnswer(outcome, 2, /archive\.zip/, archive.refused);
        expect(await readdir(target).catch(() => [])).toEqual([]);
      } else expectAnswer(outcome, 0, /holds \d+ training and \d+ test images/);
    },
    LIMIT_MS,
  );
});

describe('a server', () => {
  it.each(SERVER_ANSWERS)(
    'that answers with $name',
    async ({ name, answer, refused }) => {
      const server = createServer((_, response) => answer(response));
      await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
      const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/archive.zip`;
      const target = join(folder, 'servers', name.replaceAll('/', '-'));
      const outcome = await runHere([
        'data',
        'download',
        '--quiet',
        '--url',
        url,
        '--target',
        target,
      ]);
      server.closeAllConnections();
      server.close();
      expectAnswer(outcome, 2, /127\.0\.0\.1/, refused);
    },
    LIMIT_MS,
  );
});

describe('a path that is not what a command takes', () => {
  const PATHS: readonly [string, (root: string) => Promise<unknown>, RegExp][] = [
    ['missing', async () => {}, /missing (is not there|cannot be opened: no such file)/],
    [
      'a-file.txt',
      (path) => writeFile(path, 'x'),
      /a-file\.txt (is a file, not a folder|is not an image)/,
    ],
    [
      'an-archive.zip',
      (path) => writeFile(path, 'PK'),
      /an-archive\.zip (is a file.*data download --from|is not an image)/,
    ],
    ['void', (path) => mkdir(path), /void (is laid out.*It is empty|holds no images)/],
  ];
  describe.each(PATHS)('%s', (name, make, says) => {
    let path: string;
    beforeAll(async () => {
      path = join(folder, name);
      await make(path);
    });
    it.each([
      ['data verify', 1, (at: string) => runHere(['data', 'verify', at])],
      [
        'data explore',
        2,
        (at: string) => runHere(['data', 'explore', at, '--out', join(folder, 'drawn')]),
      ],
      ['bench', 2, (at: string) => bench(at)],
      ['predict', 2, (at: string) => runHere(['predict', '--quiet', '--model', model, at])],
    ])(
      '%s',
      async (_, exit, run) => {
        expectAnswer(await run(path), exit, says);
      },
      LIMIT_MS,
    );
  });
});

describe('options about a folder that contradict one another', () => {
  it.each([
    [['--split', '1'], /above 0 and below 1/],
    [['--split', 'half'], /above 0 and below 1/],
    [['--split', '0.2', '--test-folder', 'test'], /give one of the two/],
    [['--train-folder', 'a', '--test-folder', 'a'], /both name a/],
  ])(
    '%j',
    async (options, says) => {
      expectAnswer(await runHere(['data', 'verify', folder, ...options]), 2, says);
      expectAnswer(await bench(folder, ...options), 2, says);
    },
    LIMIT_MS,
  );

  it.each(['sample', undefined])(
    '--split with --data %s',
    async (data) => {
      const outcome = await runHere([
        'bench',
        '--adapters',
        'rf',
        '--split',
        '0.2',
        '--out',
        join(folder, 'run'),
        ...(data ? ['--data', data] : []),
      ]);
      expectAnswer(outcome, 2, /--data PATH/);
    },
    LIMIT_MS,
  );
});

// Windows has no such files in folders.
const onUnix = process.platform === 'win32' ? describe.skip : describe;
onUnix('a named pipe among the images', () => {
  let data: string;
  let pipe: string;
  beforeAll(async () => {
    data = join(folder, 'pipe');
    await makeLayout(data, {
      name: '',
      images: ['train/cat/0.png', 'train/dog/0.png', 'test/cat/0.png', 'test/dog/0.png'],
    });
    pipe = join(data, 'train', 'cat', 'pipe.png');
    execFileSync('mkfifo', [pipe]);
  });
  it.each([
    ['data verify', 1, () => runHere(['data', 'verify', data])],
    ['bench', 2, () => bench(data)],
    ['predict', 2, () => runHere(['predict', '--quiet', '--model', model, pipe])],
    [
      'data download',
      2,
      () => runHere(['data', 'download', '--from', pipe, '--target', join(folder, 'from-pipe')]),
    ],
  ])(
    'does not hang %s',
    async (_, exit, run) => {
      expectAnswer(await run(), exit, /pipe\.png is (a named pipe, )?not a regular file/);
    },
    LIMIT_MS,
  );
});
