import { TF_INT32, TF_UINT8 } from '../binding/data-types';
import type { TensorMetadata } from '../binding/native-binding';
import type { NodeBackend, TfjsNode } from '../node-backend';
import { bool, type } from './attributes';

const ATTRIBUTES = [type('SrcT', TF_UINT8), type('DstT', TF_INT32), bool('Truncate', false)];

/**
 * TensorFlow.js has no uint8, and tfjs-node calls what TensorFlow gives as such int32: images it decodes, outputs of
 * SavedModels. Has it be int32: else sums of it overflow at 255, and ops of two types refuse it.
 */
export function convertBytes({ NodeJSKernelBackend }: TfjsNode): void {
  const prototype = NodeJSKernelBackend.prototype as NodeBackend;
  const createOutputTensor = prototype.createOutputTensor;
  prototype.createOutputTensor = function (this: NodeBackend, metadata) {
    // What an image is encoded to is a string that tfjs-node has relabelled, to read its bytes.
    const isBytes = metadata.dtype === TF_UINT8 && this.binding.typeOf(metadata.id) === TF_UINT8;
    return createOutputTensor.call(this, isBytes ? toIntegers(this, metadata) : metadata);
  };
}

function toIntegers({ binding }: NodeBackend, bytes: TensorMetadata): TensorMetadata {
  const [integers] = binding.executeOp('Cast', ATTRIBUTES, [bytes.id], 1);
  binding.deleteTensor(bytes.id);
  return integers as TensorMetadata;
}
