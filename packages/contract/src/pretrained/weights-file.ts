import { readFile } from 'node:fs/promises';
import { DlcmpError } from '../errors';
import { readSafetensors } from '../safetensors';
import type { Weights } from '../weights';
import { decodePyTorchFile } from './pytorch-file';

/** Counts of batches, whole numbers in every checkpoint of PyTorch's: nothing is computed from them. */
function isCounter(name: string): boolean {
  return name.endsWith('.num_batches_tracked');
}

/**
 * The tensors of a file by their names: a safetensors file, or a state dict of PyTorch's (`.pth`, `.pt`, `.bin`), whose
 * pickle is read as data and never run.
 *
 * @throws `INVALID_FILE`
 */
export async function readWeightsFile(path: string): Promise<Weights> {
  if (!/\.(pth|pt|bin)$/.test(path)) return readSafetensors(path, { skip: isCounter });
  const bytes = await readFile(path).catch((cause: NodeJS.ErrnoException) => {
    throw new DlcmpError(
      'INVALID_FILE',
      `${path} cannot be read (${cause.code}). Check the path.`,
      {
        cause,
      },
    );
  });
  const weights = decodePyTorchFile(bytes, path);
  return Object.fromEntries(Object.entries(weights).filter(([name]) => !isCounter(name)));
}
