import * as z from 'zod/mini';
import { type MedianInterval, medianIntervalSchema } from '../metrics/median-interval';

/** What it takes to put a contender's saved model somewhere. */
export interface DeploymentMeasurement {
  /** Of new processes, files in the system's cache; in seconds. */
  readonly coldStart: ColdStart;
  readonly memory: MemoryAtWork;
  /** Absent of a peer, which npm does not install. */
  readonly install?: InstallCard | undefined;
}

export interface ColdStart {
  readonly processes: number;
  /** Import, load and first answer together. Node.js' own start comes before. */
  readonly totalSeconds: MedianInterval;
  readonly importSeconds: MedianInterval;
  readonly loadSeconds: MedianInterval;
  readonly firstAnswerSeconds: MedianInterval;
}

/** Resident memory, medians over the processes; of the last, of the one that was asked so often. */
export interface MemoryAtWork {
  /** The model is loaded, nothing was asked. */
  readonly atRestBytes: number;
  readonly afterFirstBytes: number;
  readonly requests: number;
  readonly afterRequestsBytes: number;
}

/** What npm installs, in bytes of files. */
export interface InstallCard {
  /** `linux-x64` */
  readonly platform: string;
  /** What users install. */
  readonly package: string;
  readonly bytes: number;
  /** The largest first. */
  readonly packages: readonly {
    readonly name: string;
    readonly version: string;
    readonly bytes: number;
  }[];
  /** A native library that a command of its own brings; null = one that lies elsewhere, uncounted; absent = none is needed. */
  readonly native?: { readonly command: string; readonly bytes: number } | null | undefined;
  /** Bytes once `commands` have run, by the platform that is kept, this one first; of others where binaries of theirs are here. */
  readonly pruned: readonly { readonly platform: string; readonly bytes: number }[];
  /** For a POSIX shell, in the folder above `node_modules`; they keep this platform. */
  readonly commands: readonly string[];
  readonly environments: readonly EnvironmentSupport[];
}

/** Whether it runs in an environment, from what is known. */
export interface EnvironmentSupport {
  /** `Alpine (musl)` */
  readonly environment: string;
  /** `untried`: it should, and this project has not run it. */
  readonly runs: 'yes' | 'no' | 'untried';
  readonly why: string;
  /** What says so: an address, or what of this project has tried it. */
  readonly source: string;
}

const bytes = z.number().check(z.minimum(0));
const sized = { bytes };

export const deploymentSchema = z.object({
  coldStart: z.object({
    processes: bytes,
    totalSeconds: medianIntervalSchema,
    importSeconds: medianIntervalSchema,
    loadSeconds: medianIntervalSchema,
    firstAnswerSeconds: medianIntervalSchema,
  }),
  memory: z.object({
    atRestBytes: bytes,
    afterFirstBytes: bytes,
    requests: bytes,
    afterRequestsBytes: bytes,
  }),
  install: z.optional(
    z.object({
      platform: z.string(),
      package: z.string(),
      bytes,
      packages: z.array(z.object({ name: z.string(), version: z.string(), ...sized })),
      native: z.optional(z.nullable(z.object({ command: z.string(), ...sized }))),
      pruned: z.array(z.object({ platform: z.string(), ...sized })),
      commands: z.array(z.string()),
      environments: z.array(
        z.object({
          environment: z.string(),
          runs: z.enum(['yes', 'no', 'untried']),
          why: z.string(),
          source: z.string(),
        }),
      ),
    }),
  ),
});
