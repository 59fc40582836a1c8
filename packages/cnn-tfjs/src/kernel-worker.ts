import { parentPort, workerData } from 'node:worker_threads';
import type { KernelWorkerData } from './backends/wasm/kernel-pool';
import { instantiateKernels, KERNEL_NAMES } from './threads/kernel-module';
import { answerCalls } from './threads/mailbox';

const { module, memory, mailbox } = workerData as KernelWorkerData;
const kernels = instantiateKernels(module, memory);
parentPort?.postMessage('ready');
answerCalls(
  mailbox,
  KERNEL_NAMES.map((name) => kernels[name]),
);
