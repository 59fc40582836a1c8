import assert from 'node:assert/strict';
import { readdir, readFile, stat, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { isDlcmpError, networkOf, readModelManifest } from '@dlcmp/contract';
import { assertClose, assertRejects } from '../assertions';
import type { ClassifierContractCase, ContractContext } from '../contract-case';
import { CONTRACT_SPEC, noiseProbes } from '../contract-data';
import { fitAndProbe } from './fit-cases';

/** What `save` writes and `load` opens. */
export const savingCases: readonly ClassifierContractCase[] = [
  {
    family: 'any',
    name: 'a loaded model answers as the saved one',
    proves: 'Training once is enough.',
    async run(context) {
      const { directory, answers } = await saveFitted(context);
      const loaded = await context.load(directory);
      const { pixels, count } = noiseProbes();
      const again = await loaded.predict(pixels, count);
      assertClose(again, answers, context.expected.probabilityTolerance, 'Saved and loaded');
    },
  },
  {
    family: 'any',
    name: 'a loaded model can be saved again',
    proves: 'Saving keeps all of a model, not only what predicting needs.',
    async run(context) {
      const { directory, answers } = await saveFitted(context);
      const copy = join(await context.temporaryDirectory(), 'copy');
      await (await context.load(directory)).save(copy);
      const { pixels, count } = noiseProbes();
      const again = await (await context.load(copy)).predict(pixels, count);
      assertClose(again, answers, context.expected.probabilityTolerance, 'Saved twice');
    },
  },
  {
    family: 'any',
    name: 'save writes the manifest of its spec',
    proves: 'A model says which adapter opens it, what size it expects and what it answers.',
    async run(context) {
      const { directory } = await saveFitted(context);
      const { adapter, expected } = context;
      const manifest = await readModelManifest(directory, adapter.id);
      const { inputHeight, inputWidth, classNames, seed } = CONTRACT_SPEC;
      const kept = { inputHeight, inputWidth, classNames, seed };
      for (const [field, value] of Object.entries(kept)) {
        assert.deepEqual(manifest[field as keyof typeof kept], value, `model.json: ${field}`);
      }
      if (expected.family === 'cnn') {
        assert.deepEqual(networkOf(manifest).description, networkOf(CONTRACT_SPEC).description);
      }
    },
  },
  {
    family: 'any',
    name: 'save refuses before fit',
    proves: 'An untrained model never passes for a trained one.',
    async run({ create, temporaryDirectory }) {
      const classifier = await create();
      const directory = join(await temporaryDirectory(), 'model');
      await assertRejects(() => classifier.save(directory), 'NOT_FITTED', 'save');
    },
  },
  {
    family: 'any',
    name: 'load refuses what is no model',
    proves: 'A wrong path is answered with a sentence, not a stack trace.',
    async run({ load, temporaryDirectory }) {
      const directory = await temporaryDirectory();
      await assertRejects(() => load(directory), 'INVALID_FILE', 'load of an empty directory');
      const missing = join(directory, 'missing');
      await assertRejects(() => load(missing), 'INVALID_FILE', 'load of a missing directory');
      await writeFile(join(directory, 'model.json'), '{}');
      await assertRejects(() => load(directory), 'INVALID_FILE', 'load of an empty manifest');
    },
  },
  {
    family: 'any',
    name: "load refuses another adapter's forest",
    proves: 'Files of two adapters that look alike are never mixed up.',
    async run(context) {
      // A network is data: any engine that supports it opens it.
      if (context.expected.family === 'cnn') return;
      const { directory } = await saveFitted(context);
      const path = join(directory, 'model.json');
      const manifest: object = JSON.parse(await readFile(path, 'utf8'));
      await writeFile(path, JSON.stringify({ ...manifest, adapter: 'somebody-else' }));
      const load = () => context.load(directory);
      await assertRejects(load, 'INVALID_FILE', "load of another adapter's forest");
    },
  },
  {
    family: 'any',
    name: 'load refuses a file cut short',
    proves: 'A copy that was interrupted never predicts nonsense.',
    async run(context) {
      const { directory } = await saveFitted(context);
      for (const entry of await readdir(directory, { recursive: true })) {
        const isFile = (await stat(join(directory, entry))).isFile();
        if (isFile) await assertRefusedOrUnneeded(context, entry);
      }
    },
  },
];

/** Fits on noise and saves; `answers` are the fitted model's about {@link noiseProbes}. */
async function saveFitted({ create, temporaryDirectory }: ContractContext) {
  const classifier = await create();
  const answers = await fitAndProbe(classifier);
  const directory = join(await temporaryDirectory(), 'new', 'model');
  await classifier.save(directory);
  return { directory, answers };
}

/** A file that `load` does not read, such as an export for other programs, may be damaged. */
async function assertRefusedOrUnneeded(context: ContractContext, file: string): Promise<void> {
  const { directory, answers } = await saveFitted(context);
  const path = join(directory, file);
  const half = Math.floor((await readFile(path)).length / 2);
  await truncate(path, half);
  const loaded = await context.load(directory).catch((error: unknown) => {
    const refused = isDlcmpError(error, 'INVALID_FILE');
    assert(refused, `${file} cut short must fail with INVALID_FILE, not with ${String(error)}`);
  });
  if (!loaded) return;
  const { pixels, count } = noiseProbes();
  const again = await loaded.predict(pixels, count);
  assertClose(again, answers, context.expected.probabilityTolerance, `${file} cut short`);
}
