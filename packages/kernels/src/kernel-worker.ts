import { parentPort, workerData } from 'node:worker_threads';
import { instantiateKernels } from './kernels/kernel-module';
import { answerCalls, type KernelWorkerData } from './kernels/mailbox';

const { module, memory, mailbox } = workerData as KernelWorkerData;
const kernels = instantiateKernels(module, memory);
parentPort?.postMessage('ready');
answerCalls(mailbox, kernels);
