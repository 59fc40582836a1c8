import { describe, expect, it } from '@jest/globals';
import {
  TF_BOOL,
  TF_COMPLEX64,
  TF_FLOAT,
  TF_INT32,
  TF_INT64,
  TF_STRING,
  TF_UINT8,
} from '../../src/binding/data-types';
import { NativeBinding } from '../../src/binding/native-binding';
import { loadFirstLibrary } from '../../src/library/find-library';
import { hasTensorFlow } from '../native-tensorflow';

const text = (value: string) => new TextEncoder().encode(value);

/** Where there is no native TensorFlow, there is no binding to test but its absence. */
const available = hasTensorFlow;

describe('finding TensorFlow', () => {
  it('loads a library, or says that there is none', () => {
    const load = () => loadFirstLibrary().c.TF_Version();
    if (available) expect(load()).toMatch(/^2\.\d+\.\d+/);
    else expect(load).toThrow('TensorFlow library');
  });
});

if (available) {
  describe('the binding', () => {
    const binding = new NativeBinding(loadFirstLibrary(), { threads: 1 });
    const roundTrip = (
      shape: number[],
      type: number,
      values: Parameters<NativeBinding['createTensor']>[2],
    ) => {
      const id = binding.createTensor(shape, type, values);
      const read = binding.tensorDataSync(id);
      binding.deleteTensor(id);
      return read;
    };

    it.each([
      ['float32', TF_FLOAT, Float32Array.of(1.5, -2, Number.POSITIVE_INFINITY)],
      ['int32', TF_INT32, Int32Array.of(-1, 2 ** 31 - 1, 0)],
      ['bool', TF_BOOL, Uint8Array.of(1, 0, 1)],
      ['uint8', TF_UINT8, Uint8Array.of(255, 0, 7)],
    ])('gives %s back as it was', (_, type, values) => {
      expect(roundTrip([3], type, values)).toEqual(values);
    });

    it('takes complex numbers as pairs, and int64 as pairs of words', () => {
      expect(roundTrip([1], TF_COMPLEX64, Float32Array.of(3, -4))).toEqual(Float32Array.of(3, -4));
      expect(roundTrip([2], TF_INT64, Int32Array.of(5, 0, -2, -1))).toEqual(
        BigInt64Array.of(5n, -2n),
      );
    });

    it('gives strings back, short, long, empty and binary', () => {
      const strings = [text('ä'), text('x'.repeat(1000)), text(''), Uint8Array.of(0, 255, 0)];
      expect(roundTrip([2, 2], TF_STRING, strings)).toEqual(strings);
    });

    it('keeps strings that another tensor shares', () => {
      const long = text('shared '.repeat(100));
      const id = binding.createTensor([1], TF_STRING, [long]);
      const [copy] = binding.executeOp(
        'Identity',
        [{ name: 'T', type: 4, value: TF_STRING }],
        [id],
        1,
      );
      binding.deleteTensor(id);
      expect(binding.tensorDataSync(copy?.id as number)).toEqual([long]);
      binding.deleteTensor(copy?.id as number);
    });

    it('gives empty tensors and scalars back', () => {
      expect(roundTrip([0, 3], TF_FLOAT, new Float32Array())).toEqual(new Float32Array());
      expect(roundTrip([], TF_FLOAT, Float32Array.of(7))).toEqual(Float32Array.of(7));
    });

    it('refuses values that do not fill the shape', () => {
      expect(() => binding.createTensor([2, 2], TF_FLOAT, new Float32Array(3))).toThrow('16 bytes');
    });

    it("fails with the op's name and TensorFlow's own message, and recovers", () => {
      const one = binding.createTensor([2], TF_FLOAT, new Float32Array(2));
      const other = binding.createTensor([3], TF_FLOAT, new Float32Array(3));
      const attributes = [{ name: 'T', type: 4, value: TF_FLOAT }];
      const add = (a: number, b: number) => binding.executeOp('AddV2', attributes, [a, b], 1);
      expect(() => add(one, other)).toThrow(/AddV2: .*Incompatible shapes/);
      expect(() => binding.executeOp('NoSuchOp', [], [], 1)).toThrow('NoSuchOp');
      const [sum] = add(one, one);
      for (const id of [one, other, sum?.id as number]) binding.deleteTensor(id);
    });

    it('counts its tensors, and knows none twice', () => {
      const before = binding.getNumOfTensors();
      const id = binding.createTensor([1], TF_FLOAT, new Float32Array(1));
      expect(binding.getNumOfTensors()).toBe(before + 1);
      binding.deleteTensor(id);
      expect(binding.getNumOfTensors()).toBe(before);
      expect(() => binding.deleteTensor(id)).toThrow(`no tensor with number ${id}`);
    });
  });
}
