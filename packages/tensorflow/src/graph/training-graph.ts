import { createHash } from 'node:crypto';
import type { Pointer } from '../binding/c-functions';
import { TF_FLOAT } from '../binding/data-types';
import type { EagerContext } from '../binding/eager-context';
import type { OpAttribute } from '../binding/op-attributes';
import type { TensorValues } from '../binding/tensor-values';
import { type } from '../kernels/attributes';
import { GraphBinding } from './graph-binding';

/**
 * A graph of a training step in which the learning rate is an input: wherever a number stands that is the rate given here,
 * or its negative.
 */
export class TrainingGraph extends GraphBinding {
  readonly #rate: number;
  readonly #hash = createHash('sha1');
  #rateInput: number | undefined;

  /** @param rate no other number of the step's, and exact as float32 */
  constructor(eager: EagerContext, rate: number) {
    super(eager);
    this.#rate = rate;
  }

  /** Number of the input that is the learning rate; undefined while nobody has used it. */
  get rateInput(): number | undefined {
    return this.#rateInput;
  }

  /** The same for graphs with the same operations and constants. */
  fingerprint(): string {
    return this.#hash.copy().digest('hex');
  }

  override createTensor(shape: readonly number[], dtype: number, values: TensorValues): number {
    if (dtype === TF_FLOAT && shape.length === 0 && values instanceof Float32Array) {
      if (values[0] === this.#rate) return this.#readRate();
      if (values[0] === -this.#rate) {
        const [negative] = this.executeOp('Neg', [type('T', TF_FLOAT)], [this.#readRate()], 1);
        if (negative) return negative.id;
      }
    }
    this.#note(`const ${dtype} ${shape}`);
    for (const { buffer, byteOffset, byteLength } of ArrayBuffer.isView(values)
      ? [values]
      : values) {
      this.#hash.update(new Uint8Array(buffer, byteOffset, byteLength));
    }
    return super.createTensor(shape, dtype, values);
  }

  override operation(
    name: string,
    attributes: readonly OpAttribute[],
    inputIds: readonly number[],
  ): Pointer {
    const settings = attributes.map((attribute) => `${attribute.name} ${String(attribute.value)}`);
    this.#note(`${name} ${inputIds} ${settings}`);
    return super.operation(name, attributes, inputIds);
  }

  #readRate(): number {
    this.#rateInput ??= this.placeholder(TF_FLOAT, []).id;
    return this.#rateInput;
  }

  #note(line: string): void {
    this.#hash.update(`${line}\n`);
  }
}
