import { createRequire } from 'node:module';
import { workerData } from 'node:worker_threads';
import { declareFunctions } from './binding/c-functions';
import type { NativeLibrary } from './binding/native-library';
import { answerCalls, instantiateKernels } from './computing-threads';
import { threadFunctions } from './winograd/thread-functions';
import type { TileWorkerData } from './winograd/tile-pool';
import { TileThread } from './winograd/tile-thread';

const data = workerData as TileWorkerData;
const koffi = createRequire(import.meta.url)('koffi') as NativeLibrary['koffi'];
const c = declareFunctions(koffi.load(data.libraryPath));
const library = { c, koffi, path: data.libraryPath, status: c.TF_NewStatus() };
const kernels = instantiateKernels(data.module, data.memory);
const eager = { library, context: data.context };
answerCalls(data.mailbox, threadFunctions(new TileThread(eager, kernels, data)));
