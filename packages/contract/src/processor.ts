import { readFileSync } from 'node:fs';

/** Whether this processor has AVX-512; undefined where it does not tell, as outside of Linux. */
export function hasAvx512(): boolean | undefined {
  try {
    const flags = /^flags\s*:.*/m.exec(readFileSync('/proc/cpuinfo', 'utf8'))?.[0];
    return flags === undefined ? undefined : /\bavx512f\b/.test(flags);
  } catch {
    return undefined;
  }
}
