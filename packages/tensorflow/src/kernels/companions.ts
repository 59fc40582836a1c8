import type { DataId } from '@tensorflow/tfjs-core';
import type { NodeBackend } from '../node-backend';

/** Tensors of the binding that live as long as the data of another one. */
export interface Companions {
  keep(owner: DataId, id: number): void;
  find(owner: DataId): number | undefined;
}

const companionsByBackend = new WeakMap<NodeBackend, Companions>();

/** Companions of the tensors of `backend`, disposed with them. */
export function companionsOf(backend: NodeBackend): Companions {
  const companions = companionsByBackend.get(backend) ?? createCompanions(backend);
  companionsByBackend.set(backend, companions);
  return companions;
}

function createCompanions(backend: NodeBackend): Companions {
  const companions = new WeakMap<DataId, number>();
  const disposeData = backend.disposeData.bind(backend);
  backend.disposeData = (owner, force) => {
    const disposed = disposeData(owner, force);
    const id = companions.get(owner);
    if (disposed && id !== undefined) {
      companions.delete(owner);
      backend.binding.deleteTensor(id);
    }
    return disposed;
  };
  return {
    keep: (owner, id) => companions.set(owner, id),
    find: (owner) => companions.get(owner),
  };
}
