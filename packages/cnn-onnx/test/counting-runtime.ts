import * as onnxruntime from 'onnxruntime-node';
import type { OnnxRuntimeModule } from '../src/index';

/** The real ONNX Runtime, which tells what was asked of it. */
export interface CountingRuntime {
  readonly module: OnnxRuntimeModule;
  /** Sessions opened and not yet released. */
  readonly open: Set<onnxruntime.InferenceSession>;
  /** Options of every session opened. */
  readonly options: onnxruntime.InferenceSession.SessionOptions[];
  /** Number of images in every run that was fed `pixels`. */
  readonly batchSizes: number[];
}

export function createCountingRuntime(): CountingRuntime {
  const open = new Set<onnxruntime.InferenceSession>();
  const options: onnxruntime.InferenceSession.SessionOptions[] = [];
  const batchSizes: number[] = [];
  const create = async (
    model: Uint8Array,
    sessionOptions: onnxruntime.InferenceSession.SessionOptions,
  ) => {
    const session = await onnxruntime.InferenceSession.create(model, sessionOptions);
    const { run, release } = session;
    open.add(session);
    options.push(sessionOptions);
    session.run = (feeds: onnxruntime.InferenceSession.FeedsType, fetches: never) => {
      const pixels = feeds.pixels as onnxruntime.Tensor | undefined;
      if (pixels) batchSizes.push(pixels.dims[0] as number);
      return run.call(session, feeds, fetches);
    };
    session.release = async () => {
      open.delete(session);
      await release.call(session);
    };
    return session;
  };
  const module = {
    Tensor: onnxruntime.Tensor,
    env: onnxruntime.env,
    InferenceSession: { create } as unknown as OnnxRuntimeModule['InferenceSession'],
  };
  return { module, open, options, batchSizes };
}
