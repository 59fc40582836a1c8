/**
 * An AWS Lambda function: the model lies in `model/` beside this file and is loaded once a container, before the first request.
 * A request brings the pixels of one image in base64, rows of RGB at the size that the model takes.
 */
import { fileURLToPath } from 'node:url';
import { cnnOnnx } from '@dlcmp/cnn-onnx';

const model = fileURLToPath(new URL('model', import.meta.url));
// A function with 1,769 MB has one core.
const classifier = await cnnOnnx.load(model, { threads: 1 });

export async function handler({ body, isBase64Encoded }) {
  try {
    const pixels = new Uint8Array(Buffer.from(body, isBase64Encoded ? 'base64' : 'latin1'));
    return answer(200, { probabilities: Array.from(await classifier.predict(pixels, 1)) });
  } catch (error) {
    if (error.code !== 'INVALID_ARGUMENT') throw error;
    return answer(400, { message: error.message });
  }
}

function answer(statusCode, content) {
  return {
    statusCode,
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(content),
  };
}
