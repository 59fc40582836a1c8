import { createHash, type Hash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { cpus, release } from 'node:os';
import type { GatePlan } from '../parity/gate/gate-plan';
import type { SelectedAdapter, TrialImages } from './bench-plan';
import { codeFiles } from './code-files';

/** Variables that change what is computed, or where libraries are found. */
const ENVIRONMENT =
  /^(DLCMP|TF|XLA|CUDA|CUDNN|NVIDIA|OMP|MKL|ONEDNN|DNNL|TORCH|PYTORCH|KERAS|PYTHON|LD|NODE)_|^(PATH|VIRTUAL_ENV|LD_LIBRARY_PATH|LD_PRELOAD)$/;

/**
 * A hash of what a verdict of the gate hangs on: what it runs and on which images; the code of the contenders, of what they stand on
 * and of the gate itself, byte by byte; the libraries of others by their versions; the processor, Node.js and the environment. Whatever
 * changes makes another hash, and the gate run again.
 */
export async function gateFingerprint(
  gate: GatePlan,
  images: TrialImages,
  contenders: readonly SelectedAdapter[],
  tf32: boolean,
): Promise<string> {
  const hash = createHash('sha256');
  addValue(hash, { gate, tf32, machine: machineFacts(), environment: environmentFacts() });
  for (const { pixelsPath, labels } of [images.train, images.test]) {
    hash.update(await readFile(pixelsPath));
    addValue(hash, labels);
  }
  await addFiles(hash, await codeFiles(import.meta.url));
  for (const { adapter, backend, contender, reference } of contenders) {
    const probes = await adapter.probe();
    const probe = probes.find(({ name }) => name === backend);
    addValue(hash, { contender, backend, reference, probe });
    await addFiles(hash, await codeFiles(reference.moduleUrl, reference.options));
  }
  return hash.digest('hex');
}

function machineFacts() {
  const { arch, platform, version } = process;
  const processors = cpus().map(({ model }) => model);
  return { arch, platform, version, release: release(), processors };
}

function environmentFacts() {
  return Object.entries(process.env)
    .filter(([name]) => ENVIRONMENT.test(name))
    .sort(([a], [b]) => (a < b ? -1 : 1));
}

/** Paths and bytes. */
async function addFiles(hash: Hash, paths: readonly string[]): Promise<void> {
  for (const path of paths) {
    hash.update(`${path}\n`);
    hash.update(
      createHash('sha256')
        .update(await readFile(path))
        .digest(),
    );
  }
}

/** Values as JSON; numbers of typed arrays, of which JSON would make a text many times as long, as bytes. */
function addValue(hash: Hash, value: unknown): void {
  const text = JSON.stringify(value, (_, part: unknown) => {
    if (!ArrayBuffer.isView(part)) return part;
    const bytes = new Uint8Array(part.buffer, part.byteOffset, part.byteLength);
    return createHash('sha256').update(bytes).digest('hex');
  });
  hash.update(`${text}\n`);
}
