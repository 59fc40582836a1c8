import { DlcmpError } from '@dlcmp/contract';

const INSTALL_COMMAND = 'npm install echarts @resvg/resvg-wasm @expo-google-fonts/inter';

/**
 * Loads what only pictures need and who draws none need not install.
 *
 * @throws `FRAMEWORK_MISSING`, naming the command that installs it
 */
export async function loadPeer<T>(name: string, load: () => Promise<T>): Promise<T> {
  try {
    return await load();
  } catch (cause) {
    throw new DlcmpError(
      'FRAMEWORK_MISSING',
      `Pictures are drawn with ${name}, which could not be loaded. Install it: ${INSTALL_COMMAND}`,
      { cause },
    );
  }
}
