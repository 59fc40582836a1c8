/** Functions of `assembly/`, where each argument is described. Addresses and strides are in bytes. */
export interface KernelModule {
  adam(...addressesAndNumbers: number[]): void;
  addFilterGradient(...addressesAndSizes: number[]): void;
  convolve(...addressesAndSizes: number[]): void;
  maxPool(...addressesAndSizes: number[]): void;
  maxPoolGradient(...addressesAndSizes: number[]): void;
  multiply(...addressesAndSizes: number[]): void;
  packPanels(...addressesAndSizes: number[]): void;
  rotateKernel(...addressesAndSizes: number[]): void;
}

/** The kernels on TensorFlow.js's own heap, so that tensors are never copied. */
export async function instantiateKernels(
  binary: Uint8Array<ArrayBuffer>,
  memory: WebAssembly.Memory,
): Promise<KernelModule> {
  const { instance } = await WebAssembly.instantiate(binary, { env: { memory } });
  return instance.exports as unknown as KernelModule;
}
