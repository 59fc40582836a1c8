import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import type { Engine } from '@dlcmp/contract';
import { WEBGPU_PROBE } from '../../kernel-files';
import { explainFailure } from './open-webgpu';

/** Longest that a driver may take to start. */
const TIMEOUT_MILLISECONDS = 30_000;

/** What the process that tries WebGPU answers, as JSON on its last line. */
export type ProbeAnswer =
  | { readonly device: string; readonly version: string }
  | { readonly error: string };

/**
 * Whether ONNX Runtime can compute through WebGPU here. Tried in a process of its own: graphics drivers write to the
 * terminal, and a faulty one ends the process that loads it.
 */
export async function probeWebGpu(): ReturnType<Engine['probe']> {
  const answer = await askProcess();
  if ('error' in answer) return { available: false, ...explainFailure(answer.error) };
  const { device, version } = answer;
  return { available: true, hardware: device, versions: { 'onnxruntime-node': version } };
}

async function askProcess(): Promise<ProbeAnswer> {
  try {
    const script = fileURLToPath(WEBGPU_PROBE);
    const { stdout } = await promisify(execFile)(process.execPath, [script], {
      env: process.env,
      timeout: TIMEOUT_MILLISECONDS,
    });
    return JSON.parse(stdout.trim().split('\n').at(-1) as string) as ProbeAnswer;
  } catch (error) {
    const { signal, killed } = error as { signal?: string; killed?: boolean };
    if (killed)
      return { error: `the driver did not start within ${TIMEOUT_MILLISECONDS / 1000} s.` };
    if (signal)
      return { error: `the graphics driver ended the process that tried it (${signal}).` };
    return {
      error: error instanceof Error ? (error.message.split('\n', 1)[0] as string) : String(error),
    };
  }
}
