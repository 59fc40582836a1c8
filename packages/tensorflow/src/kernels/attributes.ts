import type { TensorInfo } from '@tensorflow/tfjs-core';
import {
  TF_ATTR_BOOL,
  TF_ATTR_FLOAT,
  TF_ATTR_INT,
  TF_ATTR_SHAPE,
  TF_ATTR_STRING,
  TF_ATTR_TYPE,
} from '../binding/data-types';
import type { OpAttribute } from '../binding/op-attributes';
import type { NodeBackend } from '../node-backend';

/** The type of a tensor's elements. */
export function typeAttribute(name: string, backend: NodeBackend, tensor: TensorInfo): OpAttribute {
  return type(name, backend.typeAttributeFromTensor(tensor));
}

export function type(name: string, value: number): OpAttribute {
  return { name, type: TF_ATTR_TYPE, value };
}

export function text(name: string, value: string): OpAttribute {
  return { name, type: TF_ATTR_STRING, value };
}

export function bool(name: string, value: boolean): OpAttribute {
  return { name, type: TF_ATTR_BOOL, value };
}

/** A whole number. */
export function integer(name: string, value: number): OpAttribute {
  return { name, type: TF_ATTR_INT, value };
}

/** Types of elements. */
export function types(name: string, value: readonly number[]): OpAttribute {
  return { name, type: TF_ATTR_TYPE, value };
}

export function texts(name: string, value: readonly string[]): OpAttribute {
  return { name, type: TF_ATTR_STRING, value };
}

export function float(name: string, value: number): OpAttribute {
  return { name, type: TF_ATTR_FLOAT, value };
}

/** Whole numbers, or one. */
export function integers(name: string, value: number | readonly number[]): OpAttribute {
  return { name, type: TF_ATTR_INT, value };
}

export function shape(name: string, value: readonly number[]): OpAttribute {
  return { name, type: TF_ATTR_SHAPE, value };
}
