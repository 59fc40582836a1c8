import { fileURLToPath } from 'node:url';
import { createPeerAdapter, readPeerManifest } from '@dlcmp/bench-core/peer';
import { createCnnOnnx } from '@dlcmp/cnn-onnx';
import { createCnnTfjs } from '@dlcmp/cnn-tfjs';
import {
  type CnnAdapter,
  type CnnFitOptions,
  createTrainingPlan,
  epochBatches,
  type LabelledImages,
  type ModelSpec,
  networkOf,
  type Weights,
} from '@dlcmp/contract';

/** Who trains: an adapter and its engine. */
export interface TestedContender {
  readonly name: string;
  readonly adapter: CnnAdapter;
  readonly engine: string;
}

/** All engines that compute every network on the CPU, and the two peers. */
export async function testedContenders(): Promise<readonly TestedContender[]> {
  const [onnx, tfjs] = [createCnnOnnx(), createCnnTfjs()];
  return [
    { name: 'onnx:graph', adapter: onnx, engine: 'graph' },
    { name: 'tfjs:stock', adapter: tfjs, engine: 'stock' },
    { name: 'tfjs:tuned', adapter: tfjs, engine: 'tuned' },
    { name: 'pytorch', adapter: await peer('pytorch'), engine: 'stock' },
    { name: 'keras', adapter: await peer('keras'), engine: 'stock' },
  ];
}

async function peer(name: string): Promise<CnnAdapter> {
  const path = fileURLToPath(new URL(`../../../peers/${name}/peer.json`, import.meta.url));
  return createPeerAdapter(await readPeerManifest(path)) as CnnAdapter;
}

const BATCH_SIZE = 16;

/** Losses of an epoch of steps from the spec's weights. */
export async function losses(
  { adapter, engine }: TestedContender,
  spec: ModelSpec,
  images: LabelledImages,
  options: CnnFitOptions,
): Promise<number[]> {
  const found: number[] = [];
  const classifier = await adapter.create(spec, { engine });
  try {
    await classifier.fit(images, {
      ...{ epochs: 1, batchSize: BATCH_SIZE, ...options },
      onProgress: ({ loss }) => found.push(loss ?? Number.NaN),
    });
  } finally {
    await classifier.dispose();
  }
  return found;
}

/** Gradients of the first step's batch. */
export async function gradients(
  { adapter, engine }: TestedContender,
  spec: ModelSpec,
  images: LabelledImages,
): Promise<Weights> {
  const { masks } = networkOf(spec);
  const plan = createTrainingPlan({
    ...{ seed: spec.seed, imageCount: images.count, batchSize: BATCH_SIZE, masks },
    augmentation: 'none',
  });
  const [batch] = epochBatches(plan, 1, images, spec);
  if (!batch) throw new Error('There is no batch.');
  const classifier = await adapter.create(spec, { engine });
  try {
    return (await classifier.computeGradients(batch)).gradients;
  } finally {
    await classifier.dispose();
  }
}
