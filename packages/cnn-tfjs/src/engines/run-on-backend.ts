import type { TensorFlow } from '../tensorflow-modules';

/** Calls `compute` with the backend `name` as TensorFlow.js's current one, and puts back the one before. Both must be ready. */
export function runOnBackend<Result>(tf: TensorFlow, name: string, compute: () => Result): Result {
  const current = tf.getBackend();
  // As both are ready, setBackend has done its work when it returns its promise.
  void tf.setBackend(name);
  try {
    return compute();
  } finally {
    void tf.setBackend(current);
  }
}
