import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { pipeline } from 'node:stream/promises';

/** What a file must hash to. */
export interface FileDigest {
  readonly algorithm: 'sha256' | 'md5';
  readonly hex: string;
}

/**
 * The hash that an address states after `#sha256=`, as pip has it, else the MD5 that Google's storage sends with the
 * file; undefined where nobody states one.
 */
export function statedDigest(address: string, headers: Headers): FileDigest | undefined {
  const sha256 = /#sha256=([0-9a-f]{64})$/i.exec(address)?.[1];
  if (sha256) return { algorithm: 'sha256', hex: sha256.toLowerCase() };
  const md5 = /(?:^|[, ])md5=([A-Za-z0-9+/]+=*)/.exec(headers.get('x-goog-hash') ?? '')?.[1];
  return md5 ? { algorithm: 'md5', hex: Buffer.from(md5, 'base64').toString('hex') } : undefined;
}

/** Throws unless the file at `path` hashes to `digest`. */
export async function assertDigest(path: string, { algorithm, hex }: FileDigest): Promise<void> {
  const hash = createHash(algorithm);
  await pipeline(createReadStream(path), hash);
  const actual = hash.digest('hex');
  if (actual === hex) return;
  throw new Error(
    `its ${algorithm === 'md5' ? 'MD5' : 'SHA-256'} is ${actual}, and should be ${hex}: fetch it again`,
  );
}
