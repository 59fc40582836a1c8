import { assertArgument } from '@dlcmp/contract';
import { DEFAULT_CACHE_LIMIT_BYTES } from '@dlcmp/data';

const UNITS: Readonly<Record<string, number>> = { '': 1, k: 1e3, m: 1e6, g: 1e9, t: 1e12 };

/**
 * Bytes that the cache of decoded images may take: `DLCMP_CACHE_LIMIT` ("50 GB", say), else the default.
 *
 * @throws `INVALID_ARGUMENT`
 */
export function cacheLimitBytes(given = process.env.DLCMP_CACHE_LIMIT): number {
  if (given === undefined || given.trim() === '') return DEFAULT_CACHE_LIMIT_BYTES;
  const [, number, unit = ''] = /^\s*(\d+(?:\.\d+)?)\s*([kmgt]?)i?b?\s*$/i.exec(given) ?? [];
  assertArgument(
    number !== undefined,
    `DLCMP_CACHE_LIMIT is "${given}": give it a number of bytes, such as "50 GB" or "800 MB".`,
  );
  return Number(number) * (UNITS[unit.toLowerCase()] as number);
}
