/**
 * What programs do with packages that stand on TensorFlow.js, each as its own README has it: a name and a function that
 * answers with numbers. `tf` is what `require('@tensorflow/tfjs-node')` gives in the project, `folder` where the project
 * is, `photograph` one of people, [height × width × 3], and `photograph224` the same in 224×224.
 */
const { join } = require('node:path');

module.exports = {
  async nsfwjs({ load, photograph224 }) {
    const model = await load('nsfwjs').load('MobileNetV2');
    const classes = await model.classify(photograph224, 5);
    return classes.map(({ probability }) => probability);
  },

  async '@vladmandic/face-api'({ folder, load, photograph }) {
    const faceapi = load('@vladmandic/face-api');
    const models = join(folder, 'node_modules/@vladmandic/face-api/model');
    const { ssdMobilenetv1, faceLandmark68Net, faceRecognitionNet, ageGenderNet } = faceapi.nets;
    for (const net of [ssdMobilenetv1, faceLandmark68Net, faceRecognitionNet, ageGenderNet]) {
      await net.loadFromDisk(models);
    }
    const options = new faceapi.SsdMobilenetv1Options({ minConfidence: 0.3 });
    const faces = await faceapi
      .detectAllFaces(photograph, options)
      .withFaceLandmarks()
      .withFaceDescriptors()
      .withAgeAndGender();
    return faces.flatMap(({ detection, descriptor, genderProbability }) => [
      ...[detection.score, genderProbability],
      ...descriptor,
    ]);
  },

  async '@vladmandic/human'({ folder, load, backend, photograph }) {
    const Human = load('@vladmandic/human').default;
    const human = new Human({
      ...{
        backend,
        modelBasePath: `file://${join(folder, 'node_modules/@vladmandic/human/models')}/`,
      },
      ...{ debug: false, hand: { enabled: true }, body: { enabled: true }, cacheSensitivity: 0 },
      ...{ filter: { enabled: false }, segmentation: { enabled: false }, async: false },
    });
    await human.load();
    const { face, body } = await human.detect(photograph);
    return [
      ...face.flatMap(({ score, boxRaw, embedding }) => [score, ...boxRaw, ...embedding]),
      ...body.flatMap(({ score }) => [score]),
    ];
  },

  async '@tensorflow-models/knn-classifier'({ tf, load }) {
    const classifier = load('@tensorflow-models/knn-classifier').create();
    for (let index = 0; index < 30; index++) {
      const features = Array.from({ length: 8 }, (_, place) => Math.sin(index * 3 + place));
      classifier.addExample(tf.tensor1d(features), index % 3);
    }
    const query = tf.tensor1d(Array.from({ length: 8 }, (_, place) => Math.cos(place)));
    const { classIndex, confidences } = await classifier.predictClass(query, 7);
    return [classIndex, ...Object.values(confidences)];
  },

  async 'danfojs-node'({ load }) {
    const { DataFrame, StandardScaler } = load('danfojs-node');
    const rows = Array.from({ length: 20 }, (_, index) => [index, Math.sin(index), index % 4]);
    const frame = new DataFrame(rows, { columns: ['a', 'b', 'c'] });
    const scaled = new StandardScaler().fitTransform(frame);
    return [
      ...scaled.values.flat(),
      ...frame.mean({ axis: 0 }).values,
      ...frame.groupby(['c']).col(['b']).sum().values.flat(),
      ...frame.tensor.sum(0).arraySync(),
    ];
  },

  async '@teachablemachine/image'({ tf, load, photograph224 }) {
    const { createHead } = teachable(tf);
    const tm = load('@teachablemachine/image');
    const model = new tm.CustomMobileNet(createHead(), { labels: ['a', 'b', 'c'] });
    const image = tf.expandDims(tf.sub(tf.div(photograph224, 127.5), 1));
    return [...(await model.model.predict(image).data()), model.getTotalClasses()];
  },

  async upscaler({ tf, load, photograph }) {
    const Upscaler = load('upscaler/node');
    const upscaler = new Upscaler({ model: load('@upscalerjs/default-model').default });
    const image = tf.slice(photograph, [100, 100, 0], [16, 16, 3]);
    const larger = await upscaler.upscale(image, { output: 'tensor' });
    return [...larger.dataSync()].map((value) => value / 255);
  },

  async '@upscalerjs/esrgan-slim'({ tf, load, photograph }) {
    const Upscaler = load('upscaler/node');
    const upscaler = new Upscaler({ model: load('@upscalerjs/esrgan-slim/3x').default });
    const image = tf.slice(photograph, [80, 90, 0], [16, 16, 3]);
    const larger = await upscaler.upscale(image, { output: 'tensor' });
    return [...larger.dataSync()].map((value) => value / 255);
  },

  async scikitjs({ tf, load }) {
    const sk = load('scikitjs');
    sk.setBackend(tf);
    const x = Array.from({ length: 40 }, (_, index) => [
      Math.sin(index),
      Math.cos(2 * index),
      index / 40,
    ]);
    const y = x.map(([a, b, c]) => 2 * a - b + 3 * c);
    const regression = new sk.LinearRegression({ fitIntercept: true });
    await regression.fit(x, y);
    const scaled = new sk.StandardScaler().fitTransform(x);
    const labels = y.map((value) => Number(value > 1));
    const tree = new sk.DecisionTreeClassifier();
    tree.fit(x, labels);
    return [
      ...regression.coef.dataSync(),
      ...regression.predict(x).dataSync(),
      ...scaled.dataSync(),
      ...tree.predict(x),
    ];
  },

  async '@spotify/basic-pitch'({ tf, folder, load }) {
    const { BasicPitch } = load('@spotify/basic-pitch');
    const file = join(folder, 'node_modules/@spotify/basic-pitch/model/model.json');
    const pitch = new BasicPitch(tf.loadGraphModel(`file://${file}`));
    const rate = 22050;
    const tone = Float32Array.from({ length: rate * 2 }, (_, index) =>
      Math.sin((2 * Math.PI * 440 * index) / rate),
    );
    const numbers = [];
    await pitch.evaluateModel(
      tone,
      (frames, onsets) => numbers.push(...frames.flat(), ...onsets.flat()),
      () => undefined,
    );
    return numbers;
  },
};

/** A small network over images, as Teachable Machine exports one, with weights that are a function of their places. */
function teachable(tf) {
  return {
    createHead() {
      const model = tf.sequential();
      model.add(
        tf.layers.conv2d({
          filters: 8,
          kernelSize: 3,
          strides: 4,
          activation: 'relu6',
          inputShape: [224, 224, 3],
        }),
      );
      model.add(tf.layers.depthwiseConv2d({ kernelSize: 3, padding: 'same' }));
      model.add(tf.layers.batchNormalization());
      model.add(tf.layers.globalAveragePooling2d({}));
      model.add(tf.layers.dense({ units: 3, activation: 'softmax' }));
      model.setWeights(
        model.getWeights().map(({ shape, size }) =>
          tf.tensor(
            Float32Array.from({ length: size }, (_, index) => 0.5 + Math.sin(index) / 2),
            shape,
          ),
        ),
      );
      return model;
    },
  };
}
