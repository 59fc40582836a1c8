import type { JsonObject } from './facts-beside';
import type { ImageModel } from './image-model';

/** What transformers' `config.json` says of classes, in `id2label` and `problem_type`, or timm's in `label_names`. */
export function labelFacts(json: JsonObject): Partial<ImageModel> {
  const names = Array.isArray(json.label_names)
    ? (json.label_names as string[])
    : namesById(json.id2label as JsonObject | undefined);
  const { problem_type: problem } = json;
  return {
    ...(names && { classNames: names }),
    ...(problem === 'single_label_classification' && { activation: 'softmax' }),
    ...(problem === 'multi_label_classification' && { activation: 'sigmoid', labels: 'several' }),
  };
}

function namesById(byId: JsonObject | undefined): string[] | undefined {
  if (!byId) return undefined;
  const names = Object.keys(byId)
    .map(Number)
    .sort((left, right) => left - right)
    .map((id) => String(byId[id]));
  return names.length > 0 ? names : undefined;
}
