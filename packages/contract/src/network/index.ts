export * from './json-schema';
export * from './network-description';
export * from './network-weights';
export { NODE_TYPES } from './node-types';
export * from './resolve-network';
export * from './split-network';
export type { SampleShape, Sides, Window } from './window';
