import protobuf from 'protobufjs';

/**
 * The messages of the ONNX format that dlcmp writes and reads, with the field numbers that its specification
 * gives them (https://github.com/onnx/onnx/blob/main/docs/IR.md).
 */
const SCHEMA = `
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
    repeated TensorProto initializer = 5;
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
    float f = 2;
    int64 i = 3;
    bytes s = 4;
    repeated int64 ints = 8;
    int32 type = 20;
  }
  message TensorProto {
    repeated int64 dims = 1;
    int32 data_type = 2;
    string name = 8;
    bytes raw_data = 9;
    repeated StringStringEntryProto external_data = 13;
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

/** One attribute of a node; `type` says which of the fields counts. */
export interface AttributeProto {
  readonly name: string;
  readonly type: number;
  readonly f?: number;
  readonly i?: number;
  readonly s?: Uint8Array;
  readonly ints?: readonly number[];
}

/** One operator applied to named values. */
export interface NodeProto {
  readonly input: readonly string[];
  readonly output: readonly string[];
  readonly name: string;
  readonly opType: string;
  readonly domain: string;
  readonly attribute: readonly AttributeProto[];
}

/** A constant; `rawData` is its little-endian bytes. */
export interface TensorProto {
  readonly name: string;
  readonly dims: readonly number[];
  readonly dataType: number;
  readonly rawData: Uint8Array;
}

/** Name and type of a graph's input or output. */
export interface ValueInfoProto {
  readonly name: string;
  readonly type: {
    readonly tensorType: {
      readonly elemType: number;
      readonly shape: {
        readonly dim: readonly ({ readonly dimValue: number } | { readonly dimParam: string })[];
      };
    };
  };
}

/** A whole ONNX file. */
export interface ModelProto {
  readonly irVersion: number;
  readonly producerName: string;
  readonly opsetImport: readonly { readonly domain: string; readonly version: number }[];
  readonly metadataProps: readonly { readonly key: string; readonly value: string }[];
  readonly graph: {
    readonly name: string;
    readonly node: readonly NodeProto[];
    readonly initializer: readonly TensorProto[];
    readonly input: readonly ValueInfoProto[];
    readonly output: readonly ValueInfoProto[];
  };
}

let modelType: protobuf.Type | undefined;

/** The bytes of `model` as an `.onnx` file holds them. */
export function encodeModel(model: ModelProto): Uint8Array {
  return messageType().encode(model).finish();
}

/** What is read of an `.onnx` file; a list that it leaves out is empty. */
export interface ReadModelProto extends Pick<ModelProto, 'metadataProps'> {
  readonly graph?: {
    readonly node: readonly Pick<NodeProto, 'input' | 'output' | 'opType'>[];
    readonly initializer: readonly (Pick<TensorProto, 'dataType'> & {
      readonly externalData: readonly { readonly key: string; readonly value: string }[];
    })[];
  };
}

/**
 * The message that `bytes` hold.
 *
 * @throws where they are no message of this kind
 */
export function decodeModel(bytes: Uint8Array): ReadModelProto {
  return messageType().decode(bytes) as unknown as ReadModelProto;
}

function messageType(): protobuf.Type {
  modelType ??= protobuf.parse(SCHEMA).root.lookupType('ModelProto');
  return modelType;
}
