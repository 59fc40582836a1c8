import type { SetupOptions } from '@dlcmp/tensorflow/setup';
import { type ProgressLine, startProgress } from './progress-line';

const MEGABYTE = 1e6;

/** What setup needs in order to show its progress, and how to end that. */
export function setupProgress({ quiet }: { quiet?: boolean | undefined }): {
  readonly options: Pick<SetupOptions, 'visible' | 'onProgress'>;
  finish(): void;
} {
  let line: ProgressLine | undefined;
  if (!quiet) process.stderr.write('Setting up native TensorFlow (about 250 MB, once):\n');
  return {
    options: {
      visible: !quiet,
      onProgress(completedBytes, totalBytes) {
        line ??= startProgress('Downloading', { quiet });
        const size = `${(completedBytes / MEGABYTE).toFixed(1)} MB`;
        line.update(completedBytes, totalBytes, size);
      },
    },
    finish: () => line?.finish(),
  };
}
