import { assertArgument } from '../errors';
import type { JsonObject } from './facts-beside';
import { assertImageModel, type ImageModel } from './image-model';
import type { ImageModelOptions } from './model-interface';
import { normalisationOf } from './normalisations';

const FIELDS: readonly (keyof ImageModelOptions)[] = [
  ...(['inputHeight', 'inputWidth', 'layout', 'channels', 'normalisation'] as const),
  ...(['resize', 'output', 'activation', 'labels', 'classNames'] as const),
];

/** What a user's own description says: the fields of `ImageModelOptions`. Unknown ones are refused by name. */
export function describedFacts(json: JsonObject): Partial<ImageModel> {
  const unknown = Object.keys(json).find((name) => !(FIELDS as readonly string[]).includes(name));
  assertArgument(
    unknown === undefined,
    `it has a field "${unknown}", but only these are known: ${FIELDS.join(', ')}.`,
  );
  const { normalisation, ...rest } = json as ImageModelOptions;
  const numbers =
    typeof normalisation === 'string'
      ? normalisationOf(normalisation, rest.channels)
      : normalisation;
  const values = { ...rest, ...(numbers && { normalisation: numbers }) } as Partial<ImageModel>;
  assertImageModel(values);
  return values;
}
