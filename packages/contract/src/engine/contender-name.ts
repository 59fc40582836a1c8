import { assertArgument } from '../errors';
import type { Device } from './engine';

/** What takes part in a study, as users type it: `ADAPTER[:ENGINE][@DEVICE]`. */
export interface ContenderName {
  /** `onnx`, or an adapter's id. */
  readonly adapter: string;
  /** Default: the adapter's own choice. */
  readonly engine?: string;
  /** Default: the engine's first. */
  readonly device?: Device;
}

const DEVICES: readonly Device[] = ['cpu', 'cuda', 'webgpu'];
const CONTENDER = /^([a-z0-9-]+)(?::([a-z0-9-]+))?(?:@([a-z0-9]+))?$/;

/**
 * `onnx`, `onnx:graph`, `onnx:graph@cuda`, `pytorch@cuda`.
 *
 * @throws `INVALID_ARGUMENT`
 */
export function parseContender(text: string): ContenderName {
  const [, adapter, engine, device] = CONTENDER.exec(text) ?? [];
  assertArgument(
    adapter !== undefined,
    `"${text}" names no contender: it must be ADAPTER[:ENGINE][@DEVICE], such as onnx, onnx:graph or onnx:graph@cuda.`,
  );
  assertArgument(
    device === undefined || DEVICES.includes(device as Device),
    `"${text}": there is no device "${device}". Choose one of: ${DEVICES.join(', ')}.`,
  );
  return {
    adapter,
    ...(engine !== undefined && { engine }),
    ...(device !== undefined && { device: device as Device }),
  };
}
