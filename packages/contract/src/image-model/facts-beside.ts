import { readFile } from 'node:fs/promises';
import { basename, dirname, extname, join } from 'node:path';
import { DlcmpError } from '../errors';
import { describedFacts } from './described-facts';
import { labelFacts } from './label-facts';
import type { ModelFacts } from './model-interface';
import { timmFacts } from './timm-facts';
import { preprocessorFacts } from './transformers-facts';

/** A JSON object whose fields are yet to be looked at. */
export type JsonObject = Readonly<Record<string, unknown>>;

/** A user's own description, whose fields are those of `ImageModelOptions`. */
const DESCRIPTION = 'image-model.json';

/** Files that say how a model takes its images, and what of them is read. */
const READERS: readonly (readonly [
  file: string,
  read: (json: JsonObject) => ModelFacts['values'],
])[] = [
  ['preprocessor_config.json', preprocessorFacts],
  ['config.json', timmFacts],
  ['config.json', labelFacts],
];

/**
 * What stands beside a model file: a user's own description, `NAME.image-model.json` or `image-model.json`; Hugging Face's `preprocessor_config.json`, and `config.json` with names of classes or with
 * timm's `pretrained_cfg`.
 *
 * @throws `INVALID_FILE` where such a file is broken, or asks for something that is not done here
 */
export async function readFactsBeside(modelPath: string): Promise<ModelFacts[]> {
  const own = `${basename(modelPath, extname(modelPath))}.${DESCRIPTION}`;
  const descriptions = [own, DESCRIPTION].map((file) => [file, describedFacts] as const);
  const facts = await Promise.all(
    [...descriptions, ...READERS].map(async ([file, read]) => {
      const path = join(dirname(modelPath), file);
      const json = await readJson(path);
      return json && { source: file, values: within(path, () => read(json)) };
    }),
  );
  return facts.filter((one) => one !== undefined);
}

async function readJson(path: string): Promise<JsonObject | undefined> {
  const text = await readFile(path, 'utf8').catch(() => undefined);
  return text === undefined ? undefined : within(path, () => objectOf(text));
}

function objectOf(text: string): JsonObject {
  const json: unknown = JSON.parse(text);
  if (typeof json === 'object' && json !== null && !Array.isArray(json)) return json as JsonObject;
  throw new Error('it is no object.');
}

function within<Result>(path: string, work: () => Result): Result {
  try {
    return work();
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new DlcmpError(
      'INVALID_FILE',
      `${path} cannot be followed: ${reason} Correct it, or move it away and give the options by name.`,
      { cause },
    );
  }
}
