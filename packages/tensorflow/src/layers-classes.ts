import type { TensorFlow } from './tensorflow-js';

/** A class of tf.layers, which TensorFlow.js exports no type of. */
export type LayersClass<Instance extends object = object> = (new (
  ...args: never[]
) => Instance) & {
  readonly prototype: Instance;
};

/** The class that tf.layers has registered under a name, of which models are saved and loaded; undefined without tf.layers. */
export function builtInClass<Instance extends object>(
  tf: TensorFlow,
  name: string,
): LayersClass<Instance> | undefined {
  const { classNameMap } = tf.serialization.SerializationMap.getMap();
  return classNameMap[name]?.[0] as LayersClass<Instance> | undefined;
}
