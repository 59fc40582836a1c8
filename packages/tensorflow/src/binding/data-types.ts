/** `TF_DataType`: what a tensor holds. */
export const TF_FLOAT = 1;
export const TF_DOUBLE = 2;
export const TF_INT32 = 3;
export const TF_UINT8 = 4;
export const TF_STRING = 7;
export const TF_COMPLEX64 = 8;
export const TF_INT64 = 9;
export const TF_BOOL = 10;
export const TF_RESOURCE = 20;

/** `TF_AttrType`: what an attribute holds, or a list of which. */
export const TF_ATTR_STRING = 0;
export const TF_ATTR_INT = 1;
export const TF_ATTR_FLOAT = 2;
export const TF_ATTR_BOOL = 3;
export const TF_ATTR_TYPE = 4;
export const TF_ATTR_SHAPE = 5;
export const TF_ATTR_FUNC = 8;
/** No type of TensorFlow's; tfjs-node expects the name. */
export const TF_ATTR_RESOURCE = 9;

/** Everything above, as tfjs-node's kernels ask its binding for it. */
export const TYPE_CODES = {
  TF_FLOAT,
  TF_INT32,
  TF_UINT8,
  TF_STRING,
  TF_COMPLEX64,
  TF_INT64,
  TF_BOOL,
  TF_RESOURCE,
  TF_ATTR_STRING,
  TF_ATTR_INT,
  TF_ATTR_FLOAT,
  TF_ATTR_BOOL,
  TF_ATTR_TYPE,
  TF_ATTR_SHAPE,
  TF_ATTR_RESOURCE,
};
