import { describe, expect, it } from '@jest/globals';
import { configProto } from '../../src/binding/config-proto';

describe('configProto', () => {
  it('is what protobuf makes of threads, one op at a time, and growing GPU memory', () => {
    // ConfigProto(intra_op_parallelism_threads=300, inter_op_parallelism_threads=1,
    //   gpu_options=GPUOptions(allow_growth=True)).SerializeToString(), in Python
    expect(Buffer.from(configProto({ threads: 300 })).toString('hex')).toBe('10ac02280132022001');
  });

  it('keeps TensorFlow from a GPU where the CPU is asked for', () => {
    // ConfigProto(device_count={'GPU': 0}, inter_op_parallelism_threads=1,
    //   gpu_options=GPUOptions(allow_growth=True)).SerializeToString(), in Python
    const bytes = Buffer.from(configProto({ device: 'CPU' })).toString('hex');
    expect(bytes).toBe('0a070a034750551000280132022001');
  });

  it('leaves the number of threads to TensorFlow', () => {
    expect(Buffer.from(configProto({})).toString('hex')).toBe('280132022001');
  });
});
