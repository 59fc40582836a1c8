/* Kernels in WebAssembly and the mailboxes of threads that call them. */
export * from '../../cnn-tfjs/src/threads/kernel-module';
export * from '../../cnn-tfjs/src/threads/mailbox';
