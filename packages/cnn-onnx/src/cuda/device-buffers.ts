import type { CudaDriver, DevicePointer } from '@dlcmp/cuda';

const ALIGNMENT = 256;

/** Memory on the GPU, by name. */
export interface DeviceBuffers {
  readonly totalBytes: number;
  address(name: string): DevicePointer;
  free(): void;
}

/** Takes one block and lays out `sizes` in it, in order: bytes by name. Throws where the GPU has no room. */
export function allocateBuffers(
  driver: CudaDriver,
  sizes: Readonly<Record<string, number>>,
): DeviceBuffers {
  const offsets = new Map<string, number>();
  let totalBytes = 0;
  for (const [name, bytes] of Object.entries(sizes)) {
    offsets.set(name, totalBytes);
    totalBytes += Math.ceil(bytes / ALIGNMENT) * ALIGNMENT;
  }
  const base = driver.allocate(totalBytes);
  return {
    totalBytes,
    address: (name) => {
      const offset = offsets.get(name);
      if (offset === undefined) throw new Error(`There is no buffer ${name}.`);
      return base + BigInt(offset);
    },
    free: () => driver.free(base),
  };
}
