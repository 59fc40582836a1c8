export { describePeerCommand } from './describe-peer-command';
export { createPeerAdapter } from './peer-adapter';
export { type PeerManifest, readPeerManifest } from './peer-manifest';
export { PEER_PROTOCOL_VERSION, peerProtocolJsonSchema } from './peer-messages';
