/** The default network as a plain tf.layers model, compiled with tf.train.adam. Its weights are drawn from a seed. */
export function layersModel(tf, side, classes) {
  const { layers, sequential, initializers, train } = tf;
  const kernelInitializer = initializers.glorotUniform({ seed: 1 });
  const convolution = (filters) =>
    layers.conv2d({
      filters,
      kernelSize: 3,
      padding: 'same',
      activation: 'relu',
      kernelInitializer,
    });
  const pool = () => layers.maxPooling2d({ poolSize: 2 });
  const model = sequential({
    layers: [
      layers.inputLayer({ inputShape: [side, side, 3] }),
      ...[32, 64, 128].flatMap((filters) => [convolution(filters), pool()]),
      layers.flatten(),
      layers.dense({ units: 512, activation: 'relu', kernelInitializer }),
      layers.dense({ units: classes, activation: 'softmax', kernelInitializer }),
    ],
  });
  model.compile({ optimizer: train.adam(1e-4), loss: 'categoricalCrossentropy' });
  return model;
}
