import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { SaveModelFiles } from '@dlcmp/contract';
import { LAYERS_WEIGHTS_FILE, layersModel } from './layers-model';

/** Has a model's folder be a LayersModel of TensorFlow.js besides, where TensorFlow.js has layers for all of its nodes. */
export const saveLayersModel: SaveModelFiles = async (directory, trained) => {
  const model = layersModel(trained);
  if (!model) return undefined;
  await writeFile(join(directory, LAYERS_WEIGHTS_FILE), model.bytes);
  return model.json;
};
