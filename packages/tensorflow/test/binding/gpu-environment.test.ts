import { describe, expect, it } from '@jest/globals';
import { prepareGpuEnvironment } from '../../src/binding/gpu-environment';

function prepared(environment: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  prepareGpuEnvironment(environment);
  return environment;
}

describe('prepareGpuEnvironment', () => {
  it('holds cuDNN to its deterministic algorithms where TF32 is forbidden', () => {
    const { TF_CUDNN_DETERMINISTIC } = prepared({ NVIDIA_TF32_OVERRIDE: '0' });
    expect(TF_CUDNN_DETERMINISTIC).toBe('1');
  });

  it('lets cuDNN take its fastest ones where TF32 is allowed', () => {
    expect(prepared({}).TF_CUDNN_DETERMINISTIC).toBeUndefined();
    expect(prepared({ NVIDIA_TF32_OVERRIDE: '1' }).TF_CUDNN_DETERMINISTIC).toBeUndefined();
  });

  it('leaves what the user has set', () => {
    const set = { TF_ENABLE_MAXPOOL_NANPROP: '0', TF_CUDNN_DETERMINISTIC: '0' };
    expect(prepared({ ...set, NVIDIA_TF32_OVERRIDE: '0' })).toMatchObject(set);
  });
});
