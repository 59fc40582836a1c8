import { execFile } from 'node:child_process';
import { createRequire } from 'node:module';
import { pathToFileURL } from 'node:url';
import { DAWN_PACKAGE } from './load-packages';
import { DAWN_OPTIONS, POWER_PREFERENCE } from './request-adapter';

/** What a GPU says of itself. */
export interface AdapterDescription {
  readonly device: string;
  readonly architecture: string;
  readonly vendor: string;
  /** The driver's name and version. */
  readonly description: string;
  /** Whether it is emulated on the CPU. */
  readonly isFallbackAdapter: boolean;
}

/** The GPU, or why there is none. */
export type AdapterExamination =
  | { readonly info: AdapterDescription }
  | { readonly info?: undefined; readonly reason: string };

/** Long enough for a GPU that has to be woken. */
const TIMEOUT_MILLISECONDS = 30_000;

/**
 * Looks for a GPU in a process of its own: drivers write to the terminal, may crash, and some (Mesa's, which bring LLVM) can't
 * share a process with native TensorFlow.
 */
export function examineAdapter(): Promise<AdapterExamination> {
  const dawn = pathToFileURL(createRequire(import.meta.url).resolve(DAWN_PACKAGE)).href;
  const options = { env: process.env, timeout: TIMEOUT_MILLISECONDS, windowsHide: true };
  return new Promise((resolve) => {
    execFile(
      process.execPath,
      ['--no-warnings', '--input-type=module', '--eval', script(dawn)],
      options,
      (error, output, messages) => {
        const found = /^adapter: (.*)$/m.exec(output)?.[1];
        if (found === undefined) resolve({ reason: failureReason(error, messages) });
        else if (found === 'null') resolve({ reason: absenceReason(messages) });
        else resolve({ info: JSON.parse(found) as AdapterDescription });
      },
    );
  });
}

function script(dawn: string): string {
  return `
    const { create } = await import(${JSON.stringify(dawn)});
    const gpu = create(${JSON.stringify(DAWN_OPTIONS)});
    const adapter = await gpu.requestAdapter(${JSON.stringify(POWER_PREFERENCE)});
    const { device, architecture, vendor, description, isFallbackAdapter } = adapter?.info ?? {};
    const info = adapter && { device, architecture, vendor, description, isFallbackAdapter };
    console.log('adapter: ' + JSON.stringify(info));
    // Drivers that crash when they are unloaded have told all that matters.
    process.exit(0);`;
}

function absenceReason(messages: string): string {
  const complaint = /^Warning: (.*)$/m.exec(messages)?.[1];
  const reason = 'Dawn found no GPU that it can use';
  return complaint ? `${reason} (${complaint.replace(/\.$/, '')}).` : `${reason}.`;
}

function failureReason(error: Error | null, messages: string): string {
  const signal = (error as { signal?: string } | null)?.signal;
  const last = messages.trim().split('\n').at(-1);
  const how = signal ? `ended by ${signal}` : last || error?.message || 'no answer';
  return `Looking for a GPU failed: ${how}.`;
}
