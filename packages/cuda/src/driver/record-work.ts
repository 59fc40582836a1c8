import type { DevicePointer, RecordedWork } from './cuda-driver';
import { answer, type Check, type DriverFunctions } from './driver-functions';

/** Whatever other threads do meanwhile is none of a recording's business. */
const CAPTURE_THIS_THREAD = 1;

/** See `CudaDriver.record`. */
export function recordWork(
  functions: DriverFunctions,
  check: Check,
  stream: DevicePointer,
  enqueue: () => void,
): RecordedWork {
  check(functions.cuStreamBeginCapture_v2(stream, CAPTURE_THIS_THREAD), 'a recording');
  try {
    enqueue();
  } catch (error) {
    // What was noted is of no use any more, whatever the driver says of it.
    functions.cuStreamEndCapture(stream, new BigUint64Array(1));
    throw error;
  }
  const graph = answer(check, 'what was recorded', (room) =>
    functions.cuStreamEndCapture(stream, room),
  );
  const launchable = answer(check, 'what was recorded', (room) =>
    functions.cuGraphInstantiateWithFlags(room, graph, 0),
  );
  check(functions.cuGraphDestroy(graph), 'what was recorded');
  return {
    run: () => check(functions.cuGraphLaunch(launchable, stream), 'recorded work'),
    release: () => check(functions.cuGraphExecDestroy(launchable), 'recorded work'),
  };
}
