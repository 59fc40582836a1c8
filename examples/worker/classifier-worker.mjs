/** A thread that loads a saved model and answers: pixels come in, probabilities go back, neither is copied. */
import { parentPort, workerData } from 'node:worker_threads';
import { cnnOnnx } from '@dlcmp/cnn-onnx';

const classifier = await cnnOnnx.load(workerData.model, { threads: 1 });
parentPort.on('message', async ({ id, pixels, count }) => {
  if (pixels === undefined) {
    await classifier.dispose();
    parentPort.close();
    return;
  }
  try {
    const probabilities = Float32Array.from(await classifier.predict(pixels, count));
    parentPort.postMessage({ id, probabilities }, [probabilities.buffer]);
  } catch (error) {
    parentPort.postMessage({ id, message: error.message });
  }
});
parentPort.postMessage({ ready: true });
