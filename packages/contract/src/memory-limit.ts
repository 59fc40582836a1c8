import { totalmem } from 'node:os';
import { assertArgument } from './errors';
import { elementCount } from './weights';

/** Training keeps of each weight: itself, its gradient and two moments of Adam, 4 bytes each. */
const BYTES_PER_WEIGHT = 16;

/** Memory that something may take. */
export interface MemoryLimit {
  readonly bytes: number;
  /** Whose limit it is, before "has": `this machine`. */
  readonly owner: string;
}

/** WebAssembly addresses 4 GB, whatever the machine has. */
export const WEBASSEMBLY_LIMIT: MemoryLimit = {
  bytes: 2 ** 32,
  owner: 'WebAssembly, in which it is computed,',
};

/** The machine's memory, or what the container or cgroup is held to where that is less. */
export function machineMemory(): MemoryLimit {
  const constrained = process.constrainedMemory?.() ?? 0;
  const isHeld = constrained > 0 && constrained < totalmem();
  return isHeld
    ? { bytes: constrained, owner: 'this container' }
    : { bytes: totalmem(), owner: 'this machine' };
}

/**
 * Refuses a network whose training can't fit, before a weight is drawn. What fits by this may still not: activations come on
 * top, by batch and image size.
 *
 * @param shapes of all weights, by name
 * @throws `INVALID_ARGUMENT` naming the largest weight
 */
export function assertFitsMemory(
  shapes: Readonly<Record<string, readonly number[]>>,
  { bytes, owner }: MemoryLimit = machineMemory(),
): void {
  const counts = Object.entries(shapes).map(
    ([name, shape]) => [name, elementCount(shape)] as const,
  );
  const total = counts.reduce((sum, [, count]) => sum + count, 0);
  const [largest, most] = counts.reduce((a, b) => (b[1] > a[1] ? b : a), ['', 0] as const);
  assertArgument(
    total * BYTES_PER_WEIGHT <= bytes,
    `The network is too large for memory: training its ${inMillions(total)} weights takes ${gigabytes(total * BYTES_PER_WEIGHT)}, and ${owner} has ${gigabytes(bytes)}. Most are in ${largest} (${inMillions(most)}): use smaller images or fewer units.`,
  );
}

function gigabytes(bytes: number): string {
  return `${(bytes / 1e9).toFixed(1)} GB`;
}

function inMillions(count: number): string {
  return `${(count / 1e6).toFixed(1)} million`;
}
