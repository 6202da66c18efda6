export type { Channel, Mesh, MessageHandler, PeerFacts, RequestHandler, RequestOptions, Sessions } from './port.js'
export type {
  Admitted, Authority, Certificate, DhtNamespace, JoinRequest, Membership, MeshLog, OwnFacts, PeerMeshOptions, Refusal,
  TransportFactory
} from './types.js'
export { CERTIFICATE_GRACE_MS, CERTIFICATE_TTL_MS, openCertificate, signCertificate } from './certificate.js'
export { PeerMesh } from './peer-mesh.js'
export { MeshCounters } from './counters.js'
export type { Traffic } from './counters.js'
export { decodeToken, encodeToken } from './token.js'
export type { Token } from './token.js'
