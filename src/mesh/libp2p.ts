/** The libp2p peer underneath, with the settings that work in small private meshes. Every number here was tried. */
import { gossipsub } from '@chainsafe/libp2p-gossipsub'
import { yamux } from '@chainsafe/libp2p-yamux'
import { identify } from '@libp2p/identify'
import { kadDHT, passthroughMapper } from '@libp2p/kad-dht'
import { ping } from '@libp2p/ping'
import { preSharedKey } from '@libp2p/pnet'
import { tcp } from '@libp2p/tcp'
import { createLibp2p } from 'libp2p'
import { toString } from 'uint8arrays/to-string'
import { MAX_GOSSIP_BYTES } from '../limits.js'
import type { GossipSub, GossipsubOpts } from '@chainsafe/libp2p-gossipsub'
import type { Identify } from '@libp2p/identify'
import type { Ed25519PrivateKey, Libp2p } from '@libp2p/interface'
import type { KadDHT } from '@libp2p/kad-dht'
import type { Ping } from '@libp2p/ping'
import type { Libp2pOptions } from 'libp2p'
import type { DhtNamespace, TransportFactory } from './types.js'
import type { EncrypterFactory } from './encrypter.js'

export type Services = { identify: Identify, ping: Ping, dht: KadDHT, pubsub: GossipSub }

export interface Libp2pParts {
  privateKey: Ed25519PrivateKey
  /** 32 bytes; absent in an open mesh. */ networkKey?: Uint8Array
  encrypter: EncrypterFactory
  transport?: TransportFactory
}

export interface MeshParts extends Libp2pParts {
  meshId: string
  listen: string[]
  topics: readonly string[]
  dht: Record<string, DhtNamespace>
}

const DIAL_TIMEOUT_MS = 5_000

/** A peer of the mesh, not started. */
export async function createMeshLibp2p (parts: MeshParts): Promise<Libp2p<Services>> {
  return await createLibp2p<Services>({
    ...ground(parts),
    addresses: { listen: parts.listen },
    services: {
      identify: identify({ maxInboundStreams: 8, maxOutboundStreams: 8, timeout: DIAL_TIMEOUT_MS }),
      ping: ping({ maxInboundStreams: 4, maxOutboundStreams: 4 }),
      dht: kadDHT(dhtOptions(parts)),
      pubsub: gossipsub(gossipOptions(parts.topics))
    },
    start: false
  })
}

/** A dialler without services or listeners, for the first join: it does not know yet what mesh it will be in. */
export async function createJoinLibp2p (parts: Libp2pParts, timeoutMs: number): Promise<Libp2p> {
  const options = ground(parts)
  return await createLibp2p({ ...options,
    connectionManager: { ...options.connectionManager, dialTimeout: timeoutMs, addressDialTimeout: timeoutMs } })
}

function ground ({ privateKey, networkKey, encrypter, transport }: Libp2pParts): Libp2pOptions {
  return {
    privateKey,
    transports: [transport ?? tcp()],
    connectionEncrypters: [encrypter],
    // Without the cap windows grow to 16 MiB, and a small call waits seconds behind bulk data on a slow link.
    streamMuxers: [yamux({ streamOptions: { maxStreamWindowSize: 262_144 }, maxInboundStreams: 256, maxOutboundStreams: 256 })],
    ...(networkKey === undefined ? {} : { connectionProtector: preSharedKey({ psk: swarmKey(networkKey) }) }),
    connectionManager: {
      inboundConnectionThreshold: 200, // per host and second: a whole site may be behind one address
      maxIncomingPendingConnections: 100,
      dialTimeout: DIAL_TIMEOUT_MS,
      addressDialTimeout: 3_000,
      reconnectRetries: 0 // the redialler never gives up; two of them would only collide
    },
    // Its pings would only repeat what the sessions' own pings find out sooner.
    connectionMonitor: { enabled: false }
  }
}

function dhtOptions ({ meshId, dht }: MeshParts): Parameters<typeof kadDHT>[0] {
  const refuse = async (): Promise<void> => { throw new Error('no record of this kind belongs into the mesh') }
  const entries = Object.entries(dht)
  return {
    protocol: `/flowmesh/${meshId}/kad/1`,
    clientMode: false, // a peer on a private address would stay a client for ever
    peerInfoMapper: passthroughMapper, // the default drops private addresses
    validators: { pk: refuse, ...Object.fromEntries(entries.map(([name, namespace]) =>
      [name, async (key: Uint8Array, value: Uint8Array) => { await namespace.validate(key, value) }])) },
    selectors: { pk: () => 0, ...Object.fromEntries(entries.map(([name, namespace]) =>
      [name, (key: Uint8Array, values: Uint8Array[]) => namespace.select(key, values)])) },
    initialQuerySelfInterval: 100,
    querySelfInterval: 30_000,
    maxInboundStreams: 32,
    maxOutboundStreams: 64
  }
}

function gossipOptions (topics: readonly string[]): Partial<GossipsubOpts> {
  return {
    D: 4, Dlo: 3, Dhi: 8, Dlazy: 4, Dscore: 2, Dout: 1,
    heartbeatInterval: 500,
    floodPublish: false,
    fallbackToFloodsub: false,
    allowPublishToZeroTopicPeers: true,
    emitSelf: false,
    tagMeshPeers: false,
    // Room for what wraps a full message: above this the receiver drops it and the link's later messages too.
    maxInboundDataLength: 8 * MAX_GOSSIP_BYTES,
    maxOutboundBufferSize: 64 * MAX_GOSSIP_BYTES,
    allowedTopics: [...topics],
    maxTopicBytesPerPeer: 256 * 1024,
    decodeRpcLimits: {
      maxSubscriptions: 256, maxMessages: 256, maxIhaveMessageIDs: 1024, maxIwantMessageIDs: 1024,
      maxIdontwantMessageIDs: 512, maxControlMessages: 256, maxPeerInfos: 16
    },
    maxInboundStreams: 4,
    maxOutboundStreams: 4,
    scoreParams: {
      IPColocationFactorWeight: 0, // several peers on one machine are normal here
      behaviourPenaltyThreshold: 6,
      retainScore: 600_000,
      topics: Object.fromEntries(topics.map(topic => [topic, TOPIC_SCORE]))
    },
    scoreThresholds: { gossipThreshold: -100, publishThreshold: -500, graylistThreshold: -1000, acceptPXThreshold: 10,
      opportunisticGraftThreshold: 1 }
  }
}

/**
 * Only invalid messages cost: about 45 of them put a peer below the graylist, and a minute of silence mends it. What a
 * topic does not deliver is no fault, because most topics are quiet most of the time.
 */
const TOPIC_SCORE = {
  topicWeight: 1,
  timeInMeshWeight: 0, timeInMeshQuantum: 1000, timeInMeshCap: 10,
  firstMessageDeliveriesWeight: 0, firstMessageDeliveriesDecay: 0.5, firstMessageDeliveriesCap: 10,
  meshMessageDeliveriesWeight: 0, meshMessageDeliveriesDecay: 0.5, meshMessageDeliveriesCap: 10, meshMessageDeliveriesThreshold: 1,
  meshMessageDeliveriesWindow: 10, meshMessageDeliveriesActivation: 5000,
  meshFailurePenaltyWeight: 0, meshFailurePenaltyDecay: 0.5,
  invalidMessageDeliveriesWeight: -0.5, invalidMessageDeliveriesDecay: 0.9
}

function swarmKey (networkKey: Uint8Array): Uint8Array {
  return new TextEncoder().encode(`/key/swarm/psk/1.0.0/\n/base16/\n${toString(networkKey, 'base16')}`)
}
