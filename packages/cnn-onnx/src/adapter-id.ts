/** Names the adapter, in manifests too. */
export const ADAPTER_ID = 'cnn-onnx';
