import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { efficientnetLite0, type ImageModelOptions } from '@dlcmp/contract';
import { createSampleSet, listImages } from '@dlcmp/data';
import { ImageFiles, inferModels, quantizeModel } from '@dlcmp/inference';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { findAdapter } from '../src/adapter-registry';
import { chooseImages } from '../src/prepare/choose-images';

const run = promisify(execFile);
const PYTHON = process.env.DLCMP_PYTHON ?? 'python3';
const LITE: ImageModelOptions = { normalisation: 'imagenet', activation: 'softmax' };

let directory: string;
let images: ImageFiles;
/** Forms that this Python's exporters cannot write, with the reason. */
let failed: Readonly<Record<string, string>>;

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'models-'));
  const folder = process.env.DLCMP_CHECK_IMAGES ?? join(directory, 'sample');
  if (!process.env.DLCMP_CHECK_IMAGES) {
    await createSampleSet({ directory: folder, trainPerClass: 4, testPerClass: 4 });
  }
  images = new ImageFiles(chooseImages(await listImages([folder]), 24, 1));
  const network = join(directory, 'network.json');
  await writeFile(network, JSON.stringify(efficientnetLite0()));
  const program = fileURLToPath(new URL('./models.py', import.meta.url));
  const { stdout } = await run(PYTHON, [program, network, directory], { maxBuffer: 2 ** 26 });
  failed = JSON.parse(stdout.trim().split('\n').at(-1) as string);
  process.stderr.write(`not exported: ${JSON.stringify(failed, null, 2)}\n`);
  await unpackNsfw();
}, 1_200_000);
afterAll(() => rm(directory, { recursive: true }));

/** nsfwjs' MobileNetV2, which its package holds as JavaScript, as a folder of TensorFlow.js. */
async function unpackNsfw(): Promise<void> {
  await run('npm', ['pack', 'nsfwjs', '--silent', '--pack-destination', directory]);
  const [archive] = (await listNames()).filter((name) => /^nsfwjs-.*\.tgz$/.test(name));
  const inside = 'package/dist/models/mobilenet_v2';
  await run('tar', ['xzf', join(directory, archive as string), '-C', directory, inside]);
  const require = createRequire(join(directory, 'none.js'));
  const json = require(join(directory, inside, 'model.min.js'));
  const weights = require(join(directory, inside, 'group1-shard1of1.min.js'));
  await mkdir(join(directory, 'nsfw'));
  await writeFile(join(directory, 'nsfw', 'model.json'), JSON.stringify(json));
  const [path] = json.weightsManifest[0].paths;
  await writeFile(join(directory, 'nsfw', path), Buffer.from(weights, 'base64'));
}

async function listNames(): Promise<string[]> {
  const { stdout } = await run('ls', [directory]);
  return stdout.split('\n');
}

const plan = () => ({ images, threads: 2, repeats: 0, seed: 1 });

/** What a package of PyPI answers for `of`, which every runtime is to answer too. */
async function expectPackageAnswers(
  name: string,
  of: ImageFiles,
  rows: readonly (readonly number[])[],
  options: ImageModelOptions,
): Promise<void> {
  const { runs } = await inferModels({
    ...plan(),
    images: of,
    models: [join(directory, `${name}.onnx`)],
    options,
    expected: {
      source: name,
      classNames: rows[0]?.map((_, index) => `class ${index}`) ?? [],
      probabilities: Float32Array.from(rows.flat()),
    },
  });
  expect(runs.map(({ status }) => status)).toEqual(['answered', 'answered', 'answered']);
  for (const one of runs) {
    const { largest, against } = one.status === 'answered' ? (one.difference ?? {}) : {};
    process.stderr.write(`${one.title}: ${largest} from ${against}\n`);
    expect(largest).toBeLessThan(1e-4);
  }
}

/** Every run agrees or says why it could not, and one agrees. */
async function expectAgreement(path: string, options: ImageModelOptions): Promise<void> {
  const { runs } = await inferModels({ ...plan(), models: [path], options });
  for (const one of runs) {
    if (one.status === 'answered')
      expect([one.title, one.difference, one.agrees]).toEqual([one.title, one.difference, true]);
    else expect(one.reason).toMatch(/install|export|choose|check|give|name/i);
    const figure = one.status === 'answered' ? (one.difference?.largest ?? 0) : one.reason;
    process.stderr.write(`${one.title}: ${figure}\n`);
  }
  expect(runs.some(({ status }) => status === 'answered')).toBe(true);
}

const FORMS = [
  ...['traced-11', 'traced-13', 'traced-15', 'traced-17', 'traced-20', 'fixed-batch'],
  ...['captured-18', 'captured-21', 'external-data', 'float16'],
];

describe('a model of its own', () => {
  it.each(FORMS)('efficientnet-lite0 as %s answers the same in every runtime', async (name) => {
    const path = join(directory, `${name}.onnx`);
    if (!existsSync(path)) throw new Error(failed[name]);
    await expectAgreement(path, LITE);
  });

  it('efficientnet-lite0 in int8 opens everywhere and is a quarter as large', async () => {
    const output = join(directory, 'int8.onnx');
    const model = join(directory, 'traced-17.onnx');
    const { bytesBefore, bytesAfter } = await quantizeModel(model, {
      images,
      options: LITE,
      output,
      threads: 2,
    });
    process.stderr.write(`int8: ${bytesBefore} → ${bytesAfter} bytes\n`);
    expect(bytesAfter / bytesBefore).toBeLessThan(0.33);
    await expectAgreement(output, LITE);
  });

  it('two models that take blue first answer as their own packages do', async () => {
    const program = fileURLToPath(new URL('./bgr.py', import.meta.url));
    const files = images.files.map(({ path }) => path);
    const { stdout } = await run(PYTHON, ['-W', 'ignore', program, directory, ...files]);
    const { nsfw, angle, bars } = JSON.parse(stdout.trim().split('\n').at(-1) as string);
    await expectPackageAnswers('open-nsfw', images, nsfw, {
      channels: 'BGR',
      normalisation: { scale: 1, mean: [123, 117, 104], standardDeviation: [1, 1, 1] },
      resize: { filter: 'bilinear', fit: 'stretch-crop', shorterSide: 256 },
    });
    await expectPackageAnswers('angle', new ImageFiles(await listImages(bars)), angle, {
      channels: 'BGR',
      normalisation: '-1-1',
      resize: { filter: 'bilinear-sharp', fit: 'stretch' },
      inputHeight: 48,
      inputWidth: 192,
    });
  });

  it('nsfwjs’ MobileNetV2 from npm', () =>
    expectAgreement(join(directory, 'nsfw'), { normalisation: '0-1' }));

  it('a Keras SavedModel', () =>
    expectAgreement(join(directory, 'keras'), { normalisation: '0-255', activation: 'none' }));

  it.each([
    ['onnx', 'graph'],
    ['tfjs', 'stock'],
  ])('what %s:%s saved', async (name, engine) => {
    const { adapter } = await findAdapter(name);
    const spec = { inputHeight: 32, inputWidth: 32, classNames: ['a', 'b', 'c'], seed: 1 };
    const classifier = await adapter.create(spec, { backend: engine });
    const pixels = (
      await images.pixels({
        ...spec,
        resize: { filter: 'bilinear', fit: 'stretch' },
        orientation: 'upright',
      })
    ).slice();
    const labels = Int32Array.from({ length: images.count }, (_, index) => index % 3);
    await classifier.fit({ pixels, labels, count: images.count }, {
      epochs: 1,
      batchSize: 8,
    } as never);
    const folder = join(directory, `own-${name}`);
    await classifier.save(folder);
    await classifier.dispose();
    await expectAgreement(folder, {});
  });
});
