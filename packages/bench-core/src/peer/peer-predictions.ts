import { assertPixels, type ImageSize } from '@dlcmp/contract';
import type { PeerModel } from './peer-model';

const SUM_TOLERANCE = 1e-3;

/**
 * Asks a peer about `count` images and reads its answer: [count × classes].
 *
 * @param asked what its network takes and answers
 * @throws `PEER_FAILED` where the answer has another shape, or probabilities are none
 */
export async function askPredictions(
  model: PeerModel,
  asked: ImageSize & { readonly classCount: number },
  pixels: Uint8Array,
  count: number,
  kind: 'probabilities' | 'logits',
): Promise<Float32Array> {
  const { classCount } = asked;
  assertPixels(pixels, count, asked);
  if (count === 0) return new Float32Array(0);
  return model.run(async (peer) => {
    const output = model.files.emptyPath('predictions');
    const source = await model.files.pixels(pixels, count, 'predict');
    const answer = await peer.request('predict', { pixels: source, kind, output });
    if (answer.count !== count) peer.fail(`predicted ${answer.count} images of ${count}`);
    const values = model.files.readFloats(output);
    const fault = predictionFault(values, count, classCount, kind);
    if (fault) peer.fail(fault);
    if (!peer.isAlive) await peer.request('usage', {});
    return values;
  });
}

function predictionFault(
  values: Float32Array,
  count: number,
  classCount: number,
  kind: string,
): string | undefined {
  if (values.length !== count * classCount) {
    return `wrote ${values.length} ${kind} for ${count} images of ${classCount} classes`;
  }
  if (kind === 'logits') return undefined;
  const wrong = values.find((value) => !(value >= 0 && value <= 1 + SUM_TOLERANCE));
  if (wrong !== undefined) return `predicted ${wrong}, which is no probability`;
  for (let start = 0; start < values.length; start += classCount) {
    const sum = values.subarray(start, start + classCount).reduce((total, p) => total + p, 0);
    if (Math.abs(sum - 1) > SUM_TOLERANCE) {
      return `predicted probabilities of an image that sum to ${sum}`;
    }
  }
  return undefined;
}
