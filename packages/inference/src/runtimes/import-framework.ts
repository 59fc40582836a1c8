import { DlcmpError } from '@dlcmp/contract';

/**
 * A framework that is loaded when it is first wanted.
 *
 * @throws `FRAMEWORK_MISSING` naming the command that installs it
 */
export async function importFramework<Module extends object>(
  packages: string,
  load: () => Promise<Module>,
): Promise<Module> {
  try {
    const module = await load();
    // Node.js hands a CommonJS package's exports over as `default`.
    return (module as { default?: Module }).default ?? module;
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message.split('\n', 1)[0] : String(cause);
    throw new DlcmpError(
      'FRAMEWORK_MISSING',
      `${packages} could not be loaded (${reason}). Install it with: npm install ${packages}`,
      { cause },
    );
  }
}
