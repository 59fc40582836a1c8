import type { SelectedAdapter } from '@dlcmp/bench-core';

/** Whether a selected backend computes on an NVIDIA GPU: `cuda`, `graph@cuda`. */
export function isOnCuda({ backend }: SelectedAdapter): boolean {
  return /(^|@)cuda$/.test(backend);
}

/**
 * TF32 rounds the factors of products to 10 bits, which NVIDIA's GPUs compute several times faster than float32. NVIDIA's
 * libraries obey a variable of the environment, whatever framework stands on them: trials inherit it.
 */
export function allowTf32(adapters: readonly SelectedAdapter[], allowed: boolean): void {
  if (!allowed && adapters.some(isOnCuda)) process.env.NVIDIA_TF32_OVERRIDE = '0';
}
