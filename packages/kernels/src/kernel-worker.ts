import { parentPort, workerData } from 'node:worker_threads';
import { nameArguments } from '../generated/kernel-calls';
import { instantiateKernels } from './kernel-module';
import type { KernelWorkerData, ThreadContext } from './kernel-pool';
import { Mailbox } from './mailbox';
import { FunctionTable, type ThreadFunctions } from './thread-functions';

interface ExtensionModule {
  createFunctions(context: ThreadContext, data: unknown): ThreadFunctions;
}

async function createTable(data: KernelWorkerData): Promise<FunctionTable> {
  const { module, memory, names, extension } = data;
  const kernels = instantiateKernels(module, memory);
  if (!extension) return new FunctionTable({ ...kernels }, names);
  const { createFunctions } = (await import(extension.module)) as ExtensionModule;
  const own = createFunctions({ kernels: nameArguments(kernels), memory }, extension.data);
  return new FunctionTable({ ...kernels, ...own }, names);
}

async function live(data: KernelWorkerData): Promise<void> {
  const mailbox = new Mailbox(data.mailbox);
  try {
    const functions = await createTable(data);
    parentPort?.postMessage('ready');
    mailbox.answerCalls(functions);
  } catch (error) {
    mailbox.refuse(error);
    parentPort?.postMessage('refused');
  }
}

void live(workerData as KernelWorkerData);
