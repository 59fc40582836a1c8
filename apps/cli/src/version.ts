import { readFileSync } from 'node:fs';

/** dlcmp's own version. */
export function readVersion(): string {
  const packageFile = new URL('../package.json', import.meta.url);
  return (JSON.parse(readFileSync(packageFile, 'utf8')) as { version: string }).version;
}
