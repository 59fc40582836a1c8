import { readFile } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { DlcmpError, type FrameworkDefaults } from '@dlcmp/contract';
import * as z from 'zod/mini';
import { parseSchema } from '../schema/parse-schema';

const frameworkDefaults = z.object({
  initializer: z.enum(['uniform-fan-in', 'glorot-uniform']),
  adamEpsilon: z.number(),
  augmentation: z.enum(['horizontal-flip', 'none']),
});

/** What `peers/<name>/peer.json` says, and where it lies. */
export interface PeerManifest {
  /** kebab-case: what users type after `--contenders`, and the adapter's id. */
  readonly id: string;
  readonly displayName: string;
  readonly family: 'forest' | 'cnn';
  /** Program and arguments, run in the manifest's folder. `{python}` and `{node}` are replaced. */
  readonly command: readonly string[];
  /** Devices that it computes on, the default first. */
  readonly backends: readonly string[];
  /** Ways that it computes in, the default first. Default: one, `stock`, under `displayName`. */
  readonly engines?: readonly PeerEngineName[] | undefined;
  /** What must be installed, and how, in a sentence. */
  readonly install: string;
  /** Variables of the peer's environment; those that the user has set go before. Default: none. */
  readonly environment?: Readonly<Record<string, string>> | undefined;
  /** For the `defaults` track; CNNs only. Default: PyTorch's. */
  readonly frameworkDefaults?: FrameworkDefaults | undefined;
  /** Seconds without a line after which a peer counts as hung. Default 120. */
  readonly silenceSeconds?: number | undefined;
  /** The same for `describe`, the first request. Default: `silenceSeconds`. */
  readonly startSeconds?: number | undefined;
  /** Absolute; the peer runs here. */
  readonly directory: string;
}

/** An engine of a peer: its id, as in `pytorch:best`, and its row in a table. */
export interface PeerEngineName {
  readonly id: string;
  readonly title: string;
}

const KEBAB_CASE = /^[a-z][a-z0-9]*(-[a-z0-9]+)*$/;
const name = z.string().check(z.regex(KEBAB_CASE));

const manifestSchema = z.strictObject({
  id: name,
  displayName: z.string().check(z.minLength(1)),
  family: z.enum(['forest', 'cnn']),
  command: z.array(z.string()).check(z.minLength(1)),
  backends: z.array(z.string()).check(z.minLength(1)),
  engines: z.optional(
    z.array(z.strictObject({ id: name, title: z.string() })).check(z.minLength(1)),
  ),
  install: z.string(),
  environment: z.optional(z.record(z.string(), z.string())),
  frameworkDefaults: z.optional(frameworkDefaults),
  silenceSeconds: z.optional(z.number().check(z.minimum(0.1))),
  startSeconds: z.optional(z.number().check(z.minimum(0.1))),
}) satisfies z.ZodMiniType<Omit<PeerManifest, 'directory'>>;

/**
 * Reads a peer's manifest.
 *
 * @throws `INVALID_FILE` naming the field
 */
export async function readPeerManifest(path: string): Promise<PeerManifest> {
  const invalid = (reason: string, cause?: unknown) =>
    new DlcmpError(
      'INVALID_FILE',
      `${path} is not the manifest of a peer: ${reason}. docs/peer-protocol.md says what one holds.`,
      { cause },
    );
  const content: unknown = await readFile(path, 'utf8')
    .then(JSON.parse)
    .catch((cause: unknown) => {
      throw invalid((cause as Error).message, cause);
    });
  const parsed = parseSchema(manifestSchema, content);
  if ('fault' in parsed) throw invalid(parsed.fault);
  return { ...parsed.value, directory: dirname(resolve(path)) };
}
