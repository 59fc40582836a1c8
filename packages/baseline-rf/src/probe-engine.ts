import { createRequire } from 'node:module';
import { type BackendProbe, DlcmpError } from '@dlcmp/contract';
import type { EngineName } from './engine-names';
import { loadLibrary } from './ml-random-forest/load-library';

/** Whether the engine can run here. Never throws. */
export async function probeEngine(engine: EngineName): Promise<BackendProbe> {
  try {
    if (engine === 'ml-random-forest') await loadLibrary();
    const versions = engine === 'exact' ? ownVersion() : libraryVersion();
    return { name: engine, available: true, device: 'CPU', versions };
  } catch (cause) {
    const reason = cause instanceof DlcmpError ? cause.message : String(cause);
    return { name: engine, available: false, reason };
  }
}

function ownVersion(): Record<string, string> {
  return { '@dlcmp/baseline-rf': readVersion('../package.json') };
}

function libraryVersion(): Record<string, string> {
  return { 'ml-random-forest': readVersion('ml-random-forest/package.json') };
}

function readVersion(manifest: string): string {
  const require = createRequire(import.meta.url);
  return (require(manifest) as { version: string }).version;
}
