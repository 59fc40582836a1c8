/**
 * The messages of the ONNX format that a forest needs, with the field numbers that its
 * specification gives them (https://github.com/onnx/onnx/blob/main/docs/IR.md).
 */
export const ONNX_SCHEMA = `
  syntax = "proto3";

  message ModelProto {
    int64 ir_version = 1;
    string producer_name = 2;
    GraphProto graph = 7;
    repeated OperatorSetIdProto opset_import = 8;
    repeated StringStringEntryProto metadata_props = 14;
  }
  message OperatorSetIdProto { string domain = 1; int64 version = 2; }
  message StringStringEntryProto { string key = 1; string value = 2; }
  message GraphProto {
    repeated NodeProto node = 1;
    string name = 2;
    repeated ValueInfoProto input = 11;
    repeated ValueInfoProto output = 12;
  }
  message NodeProto {
    repeated string input = 1;
    repeated string output = 2;
    string name = 3;
    string op_type = 4;
    repeated AttributeProto attribute = 5;
    string domain = 7;
  }
  message AttributeProto {
    string name = 1;
    int64 i = 3;
    bytes s = 4;
    repeated float floats = 7;
    repeated int64 ints = 8;
    repeated bytes strings = 9;
    int32 type = 20;
  }
  message ValueInfoProto { string name = 1; TypeProto type = 2; }
  message TypeProto {
    message Tensor { int32 elem_type = 1; TensorShapeProto shape = 2; }
    Tensor tensor_type = 1;
  }
  message TensorShapeProto {
    message Dimension { oneof value { int64 dim_value = 1; string dim_param = 2; } }
    repeated Dimension dim = 1;
  }
`;

/** Codes of `AttributeProto.AttributeType`. */
const AttributeType = { INT: 2, STRING: 3, FLOATS: 6, INTS: 7, STRINGS: 8 } as const;

/** Codes of `TensorProto.DataType`. */
export const ElementType = { FLOAT: 1, UINT8: 2, INT64: 7 } as const;

/** An attribute of a node; `type` says which of the fields counts. */
export type Attribute = { readonly name: string; readonly type: number } & (
  | { readonly i: number }
  | { readonly s: Uint8Array }
  | { readonly floats: readonly number[] }
  | { readonly ints: readonly number[] }
  | { readonly strings: readonly Uint8Array[] }
);

export function intAttribute(name: string, i: number): Attribute {
  return { name, type: AttributeType.INT, i };
}

export function stringAttribute(name: string, value: string): Attribute {
  return { name, type: AttributeType.STRING, s: Buffer.from(value) };
}

export function floatsAttribute(name: string, floats: readonly number[]): Attribute {
  return { name, type: AttributeType.FLOATS, floats };
}

export function intsAttribute(name: string, ints: readonly number[]): Attribute {
  return { name, type: AttributeType.INTS, ints };
}

export function stringsAttribute(name: string, strings: readonly Uint8Array[]): Attribute {
  return { name, type: AttributeType.STRINGS, strings };
}
