import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import {
  drawNetworkWeights,
  efficientnetLite0,
  mobilenetV2,
  type NetworkDescription,
  type NetworkNode,
  networkOf,
  resnet18,
  simpleCnn,
  type Weights,
} from '@dlcmp/contract';
import { describe, expect, it } from '@jest/globals';
import { relativeError } from '../../tensorflow/test/relative-error';
import { cnnTfjs } from '../src/index';
import { layersModel } from '../src/layers-model/layers-model';

const tf = createRequire(import.meta.url)('@tensorflow/tfjs') as typeof import('@tensorflow/tfjs');
await tf.setBackend('cpu');

const COUNT = 2;
const CLASS_NAMES = ['forest', 'sea'];

interface Case {
  readonly network: NetworkDescription;
  readonly height: number;
  readonly width: number;
}

const RECORDED: Record<string, { nodes: readonly NetworkNode[] }> = JSON.parse(
  readFileSync(new URL('network/pytorch-nodes.json', import.meta.url), 'utf8'),
);

/** Those whose padding or nodes TensorFlow.js's layers do not have. */
const INEXPRESSIBLE = [
  'hardSwish',
  'conv2d, dilated, stride 2',
  'conv2d, groups',
  'conv2d, depthwise, same, dilated',
  'gelu, tanh',
  'conv2d, depthwise, two strides',
  'maxPool, padded',
  'convolution block, other windows',
  'averagePool, padding not counted',
];

const CASES: readonly (readonly [string, Case])[] = [
  [
    'simple-cnn',
    { network: simpleCnn({ channels: [3, 4, 5], hiddenUnits: 6 }), height: 9, width: 8 },
  ],
  ...Object.entries(RECORDED)
    .filter(([name]) => !INEXPRESSIBLE.includes(name))
    .map(
      ([name, { nodes }]) => [name, { network: described(nodes), height: 6, width: 5 }] as const,
    ),
];

function described(nodes: readonly NetworkNode[]): NetworkDescription {
  return { schemaVersion: 1, name: 'recorded', nodes };
}

function specOf({ network, height, width }: Case) {
  return { inputHeight: height, inputWidth: width, classNames: CLASS_NAMES, seed: 3, network };
}

/** Drawn by the seed, and running statistics that are not 0 and 1. */
function weightsOf(tested: Case): Weights {
  const drawn = drawNetworkWeights(networkOf(specOf(tested)), 3);
  const moved = Object.entries(drawn).map(([name, { shape, data }]) => {
    const isState = /\.running_/.test(name);
    return [name, { shape, data: isState ? data.map((value, i) => value + 0.1 * i) : data }];
  });
  return Object.fromEntries(moved);
}

function pixelsOf({ height, width }: Case): Uint8Array {
  return Uint8Array.from({ length: COUNT * height * width * 3 }, (_, i) => (i * 41) % 256);
}

async function predictByLayers(tested: Case, weights: Weights): Promise<ArrayLike<number>> {
  const spec = specOf(tested);
  const model = layersModel({ spec, network: networkOf(spec), weights });
  if (!model) throw new Error('TensorFlow.js has no layers for this network.');
  const { json, bytes } = model;
  const { modelTopology, weightsManifest } = json as never as {
    modelTopology: object;
    weightsManifest: [{ weights: [] }];
  };
  const weightData = Uint8Array.from(bytes).buffer;
  const weightSpecs = weightsManifest[0].weights;
  const loaded = await tf.loadLayersModel(
    tf.io.fromMemory({ modelTopology, weightSpecs, weightData }),
  );
  const { height, width } = tested;
  const images = tf.tensor4d(Array.from(pixelsOf(tested)), [COUNT, height, width, 3], 'float32');
  const answers = (loaded.predict(images) as typeof images).dataSync();
  loaded.dispose();
  return answers;
}

describe('a network as a LayersModel', () => {
  it.each(CASES)('predicts as the engines do: %s', async (name, tested) => {
    const weights = weightsOf(tested);
    const engine = name.includes('conv2d') || name.includes('Pool, ') ? {} : { engine: 'wasm' };
    const classifier = await cnnTfjs.create({ ...specOf(tested), initialWeights: weights }, engine);
    const expected = await classifier.predict(pixelsOf(tested), COUNT);
    await classifier.dispose();
    expect(relativeError(await predictByLayers(tested, weights), expected)).toBeLessThan(1e-5);
  });

  it.each(INEXPRESSIBLE)('is none where TensorFlow.js lacks layers: %s', (name) => {
    const { nodes } = RECORDED[name] as (typeof RECORDED)[string];
    const tested = { network: described(nodes), height: 6, width: 5 };
    const spec = specOf(tested);
    const weights = weightsOf(tested);
    expect(layersModel({ spec, network: networkOf(spec), weights })).toBeUndefined();
  });

  it.each([mobilenetV2(), efficientnetLite0()])('is made of $name', (network) => {
    const tested = { network, height: 32, width: 32 };
    const spec = specOf(tested);
    const model = layersModel({ spec, network: networkOf(spec), weights: weightsOf(tested) });
    expect(model?.bytes.length).toBeGreaterThan(8e6);
  });

  it('is none of ResNet-18, whose max-pool is padded as TensorFlow.js cannot', () => {
    const tested = { network: resnet18(), height: 32, width: 32 };
    const spec = specOf(tested);
    const weights = weightsOf(tested);
    expect(layersModel({ spec, network: networkOf(spec), weights })).toBeUndefined();
  });
});
