import type { ReferenceNode, Values } from '../reference-node';

/** Sum of two inputs, one of which may be [channels, 1, 1] and spreads over the image. */
export const add: ReferenceNode = (node, inputs) => {
  const [first, second] = spread(node, inputs);
  return {
    output: first.values.map((value, at) => value + (second.values[at] as number)),
    backward: (gradient) => [first.gather(gradient), second.gather(gradient)],
  };
};

/** Product of two inputs, spread as those of {@link add}. */
export const multiply: ReferenceNode = (node, inputs) => {
  const [first, second] = spread(node, inputs);
  return {
    output: first.values.map((value, at) => value * (second.values[at] as number)),
    backward: (gradient) => [
      first.gather(gradient.map((value, at) => value * (second.values[at] as number))),
      second.gather(gradient.map((value, at) => value * (first.values[at] as number))),
    ],
  };
};

/** Inputs one behind the other along the channels. */
export const concat: ReferenceNode = ({ inputShapes }, inputs, { size }) => {
  const lengths = inputShapes.map((shape) => shape.reduce((a, b) => a * b, 1));
  const total = lengths.reduce((sum, length) => sum + length, 0);
  const output = new Float64Array(size * total);
  const forEachPart = (use: (input: number, image: number, start: number) => void) => {
    for (let image = 0; image < size; image++) {
      let start = image * total;
      lengths.forEach((length, input) => {
        use(input, image, start);
        start += length;
      });
    }
  };
  forEachPart((input, image, start) => {
    const length = lengths[input] as number;
    output.set((inputs[input] as Values).subarray(image * length, (image + 1) * length), start);
  });
  return {
    output,
    backward(gradient) {
      const gradients = lengths.map((length) => new Float64Array(size * length));
      forEachPart((input, image, start) => {
        const length = lengths[input] as number;
        gradients[input]?.set(gradient.subarray(start, start + length), image * length);
      });
      return gradients;
    },
  };
};

interface Spread {
  readonly values: Values;
  /** A gradient of the spread values as one of the input. */
  gather(gradient: Values): Values;
}

function spread(
  { inputShapes, outputShape }: Parameters<ReferenceNode>[0],
  inputs: readonly Values[],
): [Spread, Spread] {
  const [, height = 1, width = 1] = outputShape;
  const area = height * width;
  const both = inputs.map((values, index): Spread => {
    if (inputShapes[index]?.join() === outputShape.join()) return { values, gather: (g) => g };
    return {
      values: Float64Array.from(
        { length: values.length * area },
        (_, at) => values[Math.floor(at / area)] as number,
      ),
      gather(gradient) {
        const sums = new Float64Array(values.length);
        gradient.forEach((value, at) => {
          (sums[Math.floor(at / area)] as number) += value;
        });
        return sums;
      },
    };
  });
  return both as [Spread, Spread];
}
