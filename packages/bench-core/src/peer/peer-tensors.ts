import { elementCount, type Weights } from '@dlcmp/contract';
import { peerFault } from './peer-fault';

/** @throws `PEER_FAILED` unless a peer wrote exactly the tensors of `shapes` */
export function assertPeerTensors(
  tensors: Weights,
  shapes: Readonly<Record<string, readonly number[]>>,
): void {
  const unknown = Object.keys(tensors).find((name) => !Object.hasOwn(shapes, name));
  if (unknown !== undefined) {
    throw peerFault(`wrote a tensor ${unknown}, which the network does not have`);
  }
  for (const [name, shape] of Object.entries(shapes)) {
    const tensor = tensors[name];
    if (!tensor) throw peerFault(`wrote no tensor ${name}`);
    if (tensor.shape.join() === shape.join() && tensor.data.length === elementCount(shape))
      continue;
    throw peerFault(`wrote ${name} as [${tensor.shape.join(', ')}], not [${shape.join(', ')}]`);
  }
}
