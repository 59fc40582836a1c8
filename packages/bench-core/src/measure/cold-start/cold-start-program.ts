/**
 * The program of a cold start's process: takes one job from its parent, answers it, and ends. It imports nothing that an adapter
 * imports too, and starts no thread, so that times and memory are those of a program that does nothing else.
 */
import { closeSync, openSync, readSync } from 'node:fs';
import type { Adapter, ImageSize } from '@dlcmp/contract';
import type { AdapterReference } from '../../run/adapter-reference';
import type { ImageFile } from '../../run/image-file';
import type { ChildMessage, ColdStartJob, ParentMessage } from '../../run/process-messages';
import { monotonicClock } from '../clock';
import { measureColdStart } from './measure-cold-start';

const MOST_IMAGES = 16;

// The parent decides when this ends; Ctrl-C in a terminal reaches the whole process group.
process.on('SIGINT', () => {});
process.on('SIGTERM', () => {});
process.on('disconnect', () => process.exit(1));
process.on('message', (message: ParentMessage<ColdStartJob>) => {
  if (message.type === 'job') void answer(message.job);
});

async function answer({ adapter, plan, test, size }: ColdStartJob): Promise<void> {
  try {
    const images = readImages(test, size);
    const result = await measureColdStart(
      plan,
      images,
      () => importAdapter(adapter),
      monotonicClock,
    );
    end({ type: 'result', result });
  } catch (error) {
    const { code, message, stack } = error as NodeJS.ErrnoException;
    if (code === undefined) process.stderr.write(`${stack}\n`);
    end({ type: 'error', code: code ?? 'UNKNOWN', message });
  }
}

async function importAdapter({ moduleUrl, factory, options }: AdapterReference): Promise<Adapter> {
  const module = (await import(moduleUrl)) as Record<string, (options?: object) => Adapter>;
  return module[factory]!(options);
}

/** The first images of the file, each in memory of its own. */
function readImages({ pixelsPath, count }: ImageFile, size: ImageSize): Uint8Array[] {
  const bytes = size.inputHeight * size.inputWidth * 3;
  const file = openSync(pixelsPath, 'r');
  try {
    return Array.from({ length: Math.min(count, MOST_IMAGES) }, (_, image) => {
      const pixels = new Uint8Array(bytes);
      readSync(file, pixels, 0, bytes, image * bytes);
      return pixels;
    });
  } finally {
    closeSync(file);
  }
}

/** Sends the answer, and leaves once it is on its way, whatever threads a framework keeps. */
function end(message: ChildMessage): void {
  process.send?.(message, () => process.stderr.write('', () => process.exit(0)));
}
