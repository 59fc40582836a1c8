import { relative, sep } from 'node:path';

/** `path` as seen from `root`, with `/` on every platform, so that results compare across them. */
export function relativeName(root: string, path: string): string {
  return relative(root, path).split(sep).join('/');
}
