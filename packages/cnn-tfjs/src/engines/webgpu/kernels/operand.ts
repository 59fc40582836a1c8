import type { TensorInfo } from '@tensorflow/tfjs-core';
import type { ConvolutionSizes } from '../../convolution-sizes';
import { type Components, componentsFor, type ProgramInput } from './program';

/** Which factor of a product an operand is. */
export type Side = 'Left' | 'Right';

/** A factor of a product, as a matrix [lines × depth] that code reads from a tensor. */
export interface Operand {
  /** Names all that `code` depends on. */
  readonly key: string;
  readonly inputs: Readonly<Record<string, ProgramInput>>;
  /**
   * WGSL of `fn loadLeft(line : i32, depth : i32) -> vec4<f32>`, or `loadRight`, which gives zeros outside of the matrix:
   * four depths of the line where `deep`, else four lines at the depth. Both are multiples of four where they count in fours.
   */
  readonly code: string;
  /** Whether neighbours in memory are neighbours in depth, rather than neighbouring lines. */
  readonly deep: boolean;
}

const LINES = { Left: 'uniforms.rows', Right: 'uniforms.columns' } as const;

/**
 * A matrix that lies in memory as [lines × depth] (`deep`) or as [depth × lines].
 *
 * @param rowLength the length of its rows in memory
 */
export function matrixOperand(
  side: Side,
  tensor: TensorInfo,
  rowLength: number,
  deep: boolean,
): Operand {
  const name = `matrix${side}`;
  const components = componentsFor(rowLength);
  const at = deep ? 'line * uniforms.depth + depth' : `depth * ${LINES[side]} + line`;
  return {
    key: `matrix ${deep} ${components}`,
    inputs: { [name]: { tensor, components } },
    deep,
    code: loadFunction(side, deep, components, `line < ${LINES[side]} && depth < uniforms.depth`, {
      before: '',
      inside: 'true',
      vector: `${name}[(${at}) / 4]`,
      element: `${name}[${at}]`,
    }),
  };
}

/**
 * The pixels under a kernel, for each place where it lies: the matrix that im2col would write, read from the images
 * instead.
 *
 * @param deep whether lines are places [images × output height × output width] and depths are what lies under the kernel
 *   [kernel height × kernel width × channels], rather than the other way round
 */
export function neighbourhoodOperand(
  side: Side,
  images: TensorInfo,
  sizes: ConvolutionSizes,
  deep: boolean,
): Operand {
  const { height, width, channels, kernelHeight, kernelWidth } = sizes;
  const { top, left, outputHeight, outputWidth } = sizes;
  const name = `images${side}`;
  const components = componentsFor(channels);
  const [place, under] = deep ? ['line', 'depth'] : ['depth', 'line'];
  const shape = [height, width, channels, kernelHeight, kernelWidth, top, left];
  const at = `((image * ${height} + y) * ${width} + x) * ${channels} + ${under} % ${channels}`;
  return {
    key: ['neighbourhood', deep, components, ...shape, outputHeight, outputWidth].join(' '),
    inputs: { [name]: { tensor: images, components } },
    deep,
    code: loadFunction(side, deep, components, `line < ${LINES[side]} && depth < uniforms.depth`, {
      before: `
        let position = ${under} / ${channels};
        let image = ${place} / ${outputHeight * outputWidth};
        let y = (${place} / ${outputWidth}) % ${outputHeight} + position / ${kernelWidth} - ${top};
        let x = ${place} % ${outputWidth} + position % ${kernelWidth} - ${left};`,
      inside: `y >= 0 && y < ${height} && x >= 0 && x < ${width}`,
      vector: `${name}[(${at}) / 4]`,
      element: `${name}[${at}]`,
    }),
  };
}

/** How to read at `line` and `depth`: code that comes first, a further condition, and the value of four or of one. */
interface Reading {
  readonly before: string;
  readonly inside: string;
  readonly vector: string;
  readonly element: string;
}

function loadFunction(
  side: Side,
  deep: boolean,
  components: Components,
  bounds: string,
  { before, inside, vector, element }: Reading,
): string {
  const read = (name: string, type: string, zero: string, value: string) => `
    fn ${name}(line : i32, depth : i32) -> ${type} {
      if (!(${bounds})) { return ${zero}; }
      ${before}
      if (!(${inside})) { return ${zero}; }
      return ${value};
    }`;
  if (components === 4) return read(`load${side}`, 'vec4<f32>', 'vec4<f32>(0.0)', vector);
  const four = [0, 1, 2, 3].map((i) =>
    deep ? `element${side}(line, depth + ${i})` : `element${side}(line + ${i}, depth)`,
  );
  return `
    ${read(`element${side}`, 'f32', '0.0', element)}
    fn load${side}(line : i32, depth : i32) -> vec4<f32> {
      return vec4<f32>(${four.join(', ')});
    }`;
}
