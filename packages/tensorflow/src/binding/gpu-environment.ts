/**
 * Tells TensorFlow through the environment how to compute on a GPU; what is set there already stays. It reads these once,
 * before it computes there for the first time.
 *
 * @param environment default: this process's
 */
export function prepareGpuEnvironment(environment: NodeJS.ProcessEnv = process.env): void {
  // Max-pooling notes a place for a square of nothing but NaN too; else its gradient writes to none of them.
  environment.TF_ENABLE_MAXPOOL_NANPROP ??= '1';
  // Who forbids TF32 compares numbers. Where a kernel's gradient should be zero, cuDNN's fastest algorithm leaves 1e-10, of
  // which Adam makes whole steps; its deterministic ones leave zero.
  if (environment.NVIDIA_TF32_OVERRIDE === '0') environment.TF_CUDNN_DETERMINISTIC ??= '1';
}
