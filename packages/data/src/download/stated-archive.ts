/** What a server says about the whole archive, from any of its answers. */
export interface StatedArchive {
  /** Bytes, where stated. */
  readonly size?: number;
  /** MD5 of the whole archive, hexadecimal, where stated. */
  readonly md5?: string;
  /** A strong entity tag: with it, a later download can ask for the rest of the same file. */
  readonly etag?: string;
}

/**
 * Reads `x-goog-hash` (`crc32c=…,md5=…`, base64; Google Cloud Storage, which serves Kaggle's
 * archives, https://cloud.google.com/storage/docs/xml-api/reference-headers#xgooghash),
 * `content-md5` (RFC 1864; of a part it speaks of the part alone and is not used), the entity tag
 * and the size.
 */
export function readStatedArchive({ status, headers }: Response): StatedArchive {
  const isPart = status === 206;
  const size = isPart
    ? contentRange(headers)?.size
    : numberOf(headers.get('content-length') ?? undefined);
  const googleMd5 = /(?:^|[,\s])md5=([A-Za-z0-9+/]{22}==)/.exec(headers.get('x-goog-hash') ?? '');
  const base64 = googleMd5?.[1] ?? (isPart ? null : headers.get('content-md5'));
  const etag = headers.get('etag');
  return {
    ...(size !== undefined && { size }),
    ...(base64 && { md5: Buffer.from(base64, 'base64').toString('hex') }),
    ...(etag && !etag.startsWith('W/') && { etag }),
  };
}

/** First byte (where a part follows) and whole size that `content-range` states. */
export function contentRange(headers: Headers): { start?: number; size?: number } | undefined {
  const match = /^bytes (?:(\d+)-\d+|\*)\/(\d+|\*)$/.exec(headers.get('content-range') ?? '');
  if (!match) return undefined;
  const start = numberOf(match[1]);
  const size = numberOf(match[2]);
  return { ...(start !== undefined && { start }), ...(size !== undefined && { size }) };
}

function numberOf(digits: string | undefined): number | undefined {
  return digits !== undefined && /^\d+$/.test(digits) ? Number(digits) : undefined;
}
