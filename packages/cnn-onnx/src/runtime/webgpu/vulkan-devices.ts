import { createRequire } from 'node:module';
import type * as Koffi from 'koffi';

/** A device as Vulkan describes it. */
export interface VulkanDevice {
  readonly name: string;
  readonly type: 'other' | 'integrated' | 'discrete' | 'virtual' | 'software';
}

/** `VkPhysicalDeviceType` in its order (https://registry.khronos.org/vulkan/specs/latest/man/html/VkPhysicalDeviceType.html). */
const TYPES = ['other', 'integrated', 'discrete', 'virtual', 'software'] as const;

const INSTANCE_CREATE_INFO = 1;
const INSTANCE_CREATE_INFO_BYTES = 64;
/** Room for `VkPhysicalDeviceProperties` (824 bytes), with its type and name at these places. */
const PROPERTIES_BYTES = 1024;
const TYPE_OFFSET = 16;
const NAME_OFFSET = 20;
const NAME_BYTES = 256;

const P = 'void *';

/** The devices that the Vulkan drivers of a Linux machine offer; none where there is no Vulkan. */
export function listVulkanDevices(): VulkanDevice[] {
  try {
    const koffi = createRequire(import.meta.url)('koffi') as typeof Koffi;
    const vulkan = koffi.load('libvulkan.so.1');
    const createInstance = vulkan.func('vkCreateInstance', 'int', [P, P, P]);
    const enumerate = vulkan.func('vkEnumeratePhysicalDevices', 'int', [P, P, P]);
    const describe = vulkan.func('vkGetPhysicalDeviceProperties', 'void', [P, P]);
    const info = Buffer.alloc(INSTANCE_CREATE_INFO_BYTES);
    info.writeUInt32LE(INSTANCE_CREATE_INFO, 0);
    const instance = new BigUint64Array(1);
    if (createInstance(info, null, instance) !== 0) return [];
    const count = new Uint32Array(1);
    enumerate(instance[0], count, null);
    const devices = new BigUint64Array(count[0] as number);
    enumerate(instance[0], count, devices);
    return Array.from(devices, (device) => {
      const properties = Buffer.alloc(PROPERTIES_BYTES);
      describe(device, properties);
      return readProperties(properties);
    });
  } catch {
    return [];
  }
}

function readProperties(properties: Buffer): VulkanDevice {
  const name = properties.toString('utf8', NAME_OFFSET, NAME_OFFSET + NAME_BYTES);
  return {
    name: name.slice(0, name.indexOf('\0')),
    type: TYPES[properties.readUInt32LE(TYPE_OFFSET)] ?? 'other',
  };
}

/** Kinds as WebGPU prefers them where it is asked for speed. */
const PREFERENCE = ['discrete', 'integrated', 'virtual', 'other', 'software'] as const;

/** What WebGPU will compute on, as far as that can be known from outside. */
export function describeDevice(devices: readonly VulkanDevice[]): string {
  const kind = PREFERENCE.find((type) => devices.some((device) => device.type === type));
  const names = [...new Set(devices.filter(({ type }) => type === kind).map(({ name }) => name))];
  if (names.length === 0) return 'GPU';
  const name = names.length === 1 ? names[0] : `one of ${names.join(', ')}`;
  return kind === 'software' ? `${name} (software, on the CPU)` : (name as string);
}
