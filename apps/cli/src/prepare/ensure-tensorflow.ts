import { parseContender } from '@dlcmp/contract';
import { recentSetupFailure, rememberingSetup } from '@dlcmp/tensorflow/setup';
import { findAdapter } from '../adapter-registry';
import { setupProgress } from '../progress/setup-progress';

interface EnsureFlags {
  readonly contenders: readonly string[];
  readonly setup?: boolean;
  readonly quiet?: boolean | undefined;
}

const ADAPTER = 'tfjs';
/** Engines that compute in native TensorFlow on the CPU. */
const NATIVE_ENGINES = ['tuned', 'stock'];

/**
 * Brings a native TensorFlow where an engine that needs it takes part and none can be
 * loaded; once a day at most, as long as it fails.
 *
 * @returns a line for the user where TensorFlow goes without
 */
export async function ensureTensorFlow(
  flags: EnsureFlags,
  signal: AbortSignal,
): Promise<string | undefined> {
  const reason = await reasonForSetup(flags);
  if (reason === undefined) return undefined;
  if (flags.setup === false || process.env.DLCMP_NO_SETUP) return withoutNative(reason);
  const failure = recentSetupFailure();
  if (failure !== undefined) {
    return withoutNative(`Setup failed within the last day (${firstLine(failure)})`);
  }
  try {
    const progress = setupProgress(flags);
    await rememberingSetup({ ...progress.options, signal });
    progress.finish();
    return undefined;
  } catch (error) {
    if (signal.aborted) throw error;
    return withoutNative(error instanceof Error ? error.message : String(error));
  }
}

/** Why native TensorFlow cannot run; undefined where it can, or is not asked for. */
async function reasonForSetup({ contenders }: EnsureFlags): Promise<string | undefined> {
  const names = contenders.map(parseContender);
  const found = await Promise.all(
    names.map(async (name) => ({ ...name, ...(await findAdapter(name.adapter)) })),
  );
  const wanted = found.find(
    ({ name, engine, device = 'cpu' }) =>
      name === ADAPTER && device === 'cpu' && NATIVE_ENGINES.includes(engine ?? 'tuned'),
  );
  if (!wanted) return undefined;
  const probes = await wanted.adapter.probe();
  const native = probes.find(({ name }) => NATIVE_ENGINES.includes(name));
  return native && !native.available ? native.reason : undefined;
}

function withoutNative(reason: string): string {
  return `TensorFlow.js runs on WebAssembly, not on native TensorFlow. ${reason}\nTo set it up: dlcmp setup tensorflow`;
}

function firstLine(text: string): string {
  return text.split('\n').slice(0, 2).join(' ').trim();
}
