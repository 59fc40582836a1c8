export * from './efficientnet-lite0';
export * from './mobilenet-v2';
export * from './named-networks';
export * from './resnet-18';
export * from './simple-cnn';
