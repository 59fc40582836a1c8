import { readFile } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { DlcmpError } from '@dlcmp/contract';
import * as z from 'zod/mini';

const frameworkDefaults = z.object({
  initializer: z.enum(['uniform-fan-in', 'glorot-uniform']),
  adamEpsilon: z.number(),
  augmentation: z.enum(['horizontal-flip', 'none']),
});

const manifestSchema = z.strictObject({
  /** kebab-case: what users type after `--adapters`, and the adapter's id. */
  id: z.string().check(z.regex(/^[a-z][a-z0-9]*(-[a-z0-9]+)*$/)),
  displayName: z.string().check(z.minLength(1)),
  family: z.enum(['forest', 'cnn']),
  /** Program and arguments, run in the manifest's folder. `{python}` and `{node}` are replaced. */
  command: z.array(z.string()).check(z.minLength(1)),
  backends: z.array(z.string()).check(z.minLength(1)),
  /** What must be installed, and how, in a sentence. */
  install: z.string(),
  /** Variables of the peer's environment; those that the user has set go before. Default: none. */
  environment: z.optional(z.record(z.string(), z.string())),
  /** For the `defaults` track; CNNs only. Default: PyTorch's. */
  frameworkDefaults: z.optional(frameworkDefaults),
  /** Seconds without a line after which a peer counts as hung. Default 120. */
  silenceSeconds: z.optional(z.number().check(z.minimum(0.1))),
  /** The same for `describe`, the first request. Default: `silenceSeconds`. */
  startSeconds: z.optional(z.number().check(z.minimum(0.1))),
});

/** What `peers/<name>/peer.json` says, and where it lies. */
export type PeerManifest = Readonly<z.infer<typeof manifestSchema>> & {
  /** Absolute; the peer runs here. */
  readonly directory: string;
};

/**
 * Reads a peer's manifest.
 *
 * @throws `INVALID_FILE` naming the field
 */
export async function readPeerManifest(path: string): Promise<PeerManifest> {
  try {
    const manifest = manifestSchema.parse(JSON.parse(await readFile(path, 'utf8')));
    return { ...manifest, directory: dirname(resolve(path)) };
  } catch (cause) {
    const reason = cause instanceof z.core.$ZodError ? z.prettifyError(cause) : String(cause);
    throw new DlcmpError('INVALID_FILE', `${path} is not the manifest of a peer: ${reason}`, {
      cause,
    });
  }
}
