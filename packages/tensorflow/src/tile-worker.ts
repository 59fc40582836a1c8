import { createRequire } from 'node:module';
import { workerData } from 'node:worker_threads';
import { declareFunctions } from './backends/tensorflow/binding/c-functions';
import type { NativeLibrary } from './backends/tensorflow/binding/native-library';
import { threadFunctions } from './backends/tensorflow/winograd/thread-functions';
import type { TileWorkerData } from './backends/tensorflow/winograd/tile-pool';
import { TileThread } from './backends/tensorflow/winograd/tile-thread';
import { instantiateKernels } from './threads/kernel-module';
import { answerCalls } from './threads/mailbox';

const data = workerData as TileWorkerData;
const koffi = createRequire(import.meta.url)('koffi') as NativeLibrary['koffi'];
const c = declareFunctions(koffi.load(data.libraryPath));
const library = { c, koffi, path: data.libraryPath, status: c.TF_NewStatus() };
const kernels = instantiateKernels(data.module, data.memory);
const eager = { library, context: data.context };
answerCalls(data.mailbox, threadFunctions(new TileThread(eager, kernels, data)));
