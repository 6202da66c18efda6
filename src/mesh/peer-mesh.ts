/**
 * The mesh as one peer has it: `open` settles who this peer is and which mesh it belongs to, `start` listens and begins to
 * connect. A started mesh waits for nobody: whoever is missing is dialled for ever.
 */
import { peerIdFromPrivateKey } from '@libp2p/peer-id'
import { multiaddr } from '@multiformats/multiaddr'
import { systemClock } from '../clock.js'
import { ConflictError, InvalidInputError, UnavailableError } from '../errors.js'
import { MAX_ADDRESSES } from '../limits.js'
import { Admission } from './admission.js'
import { CERTIFICATE_GRACE_MS, openCertificate } from './certificate.js'
import { MeshCounters } from './counters.js'
import { explainDial } from './dial-errors.js'
import { admittingNoise } from './encrypter.js'
import { factsFault, signFacts } from './facts.js'
import { Gossip } from './gossip.js'
import { loadIdentity } from './identity.js'
import { createMeshLibp2p } from './libp2p.js'
import { portsUsed, withLastPorts } from './listen.js'
import { settleMembership } from './membership.js'
import { writeMeshFile } from './mesh-file.js'
import { PeerBook } from './peer-book.js'
import { PeerExchange } from './peer-exchange.js'
import { Redialler } from './redialler.js'
import { Sessions } from './sessions.js'
import { encodeToken } from './token.js'
import type { Ed25519PrivateKey, Libp2p } from '@libp2p/interface'
import type { KnownFacts } from './facts.js'
import type { Accept, Deliver } from './gossip.js'
import type { Services } from './libp2p.js'
import type { MeshFile } from './mesh-file.js'
import type { Channel, Mesh, MessageHandler, PeerFacts, RequestHandler, RequestOptions } from './port.js'
import type { Authority, Certificate, MeshLog, PeerMeshOptions } from './types.js'

const CERTIFICATE = 'mesh/certificate'
const LIST_EVERY_MS = 60_000
const CERTIFICATE_CHECK_MS = 30_000
const STOP_TIMEOUT_MS = 5_000
/** Versions of facts within one start: far more than addresses change. */
const VERSIONS_PER_START = 1_000_000

export class PeerMesh implements Mesh {
  readonly counters = new MeshCounters()
  private authority: Authority | undefined
  private libp2p!: Libp2p<Services>
  private sessions!: Sessions
  private redialler!: Redialler
  private gossip!: Gossip
  private exchange!: PeerExchange
  private certificate!: Certificate
  private readonly certificates = new Map<string, Certificate>()
  private readonly connectListeners: Array<(peer: string) => void> = []
  private readonly disconnectListeners: Array<(peer: string) => void> = []
  private readonly timers: NodeJS.Timeout[] = []
  private certificateTimer: NodeJS.Timeout | undefined
  private saving: Promise<void> = Promise.resolve()
  private announced = 0
  private renewing = false
  private stopped = false

  private constructor (private readonly options: PeerMeshOptions, private readonly privateKey: Ed25519PrivateKey,
    private file: MeshFile, private own: KnownFacts, private readonly book: PeerBook, private readonly log: MeshLog) {}

  /**
   * Reads the state directory; founds or joins a mesh when it belongs to none. Joining waits until a member answers.
   * Rejects with StateDirError, NotAdmittedError, UnavailableError (nobody answered), InvalidInputError, ConflictError.
   */
  static async open (options: PeerMeshOptions): Promise<PeerMesh> {
    const log = options.log ?? (() => {})
    const privateKey = await loadIdentity(options.stateDir)
    const facts = { ...options.facts, peer: peerIdFromPrivateKey(privateKey).toString(), addresses: [] }
    const fault = factsFault(facts)
    if (fault !== undefined) throw new InvalidInputError(`what this peer says of itself is out of bounds: ${fault}`)
    const own = await signFacts(privateKey, facts, options.incarnation * VERSIONS_PER_START)
    const transport = options.transport === undefined ? {} : { transport: options.transport }
    const { file, introducer } = await settleMembership({ options, privateKey, facts: own, log, ...transport })
    const book = new PeerBook(options.store, facts.peer,
      err => { log('warn', 'known peers could not be saved', { error: String(err) }) })
    await book.load()
    if (introducer !== undefined) book.learn(introducer)
    const mesh = new PeerMesh(options, privateKey, file, own, book, log)
    await mesh.assemble()
    return mesh
  }

  get self (): string { return this.own.facts.peer }
  get meshId (): string { return this.file.meshId }
  get isOpen (): boolean { return this.file.networkKey === undefined }
  /** Raw ed25519 public key of the mesh. */
  get meshKey (): Uint8Array { return this.file.meshKey }
  /** Protobuf form; only at the founder, for whoever implements `Authority`. */
  get meshPrivateKey (): Uint8Array | undefined { return this.file.meshPrivateKey }
  /** For the catalog: only records of the namespaces in the options are stored or believed. */
  get dht (): Services['dht'] { return this.libp2p.services.dht }
  addresses (): string[] { return this.own.facts.addresses }

  /** Who decides about joins and renewals; until it is set, joiners are told to try again. */
  setAuthority (authority: Authority): void { this.authority = authority }

  /** What the mesh key signed about a peer that is or was connected, or about this one: roles, tier, tenant. */
  certificateOf (peer: string): Certificate | undefined {
    return peer === this.self ? this.certificate : this.certificates.get(peer)
  }

  makeToken ({ secret, expiresAt }: { secret: Uint8Array, expiresAt: number }): string {
    const { meshId, meshKey, networkKey } = this.file
    return encodeToken({ addresses: this.addresses(), meshId, meshKey, secret, expiresAt,
      ...(networkKey === undefined ? {} : { networkKey }) })
  }

  async start (): Promise<void> {
    await this.sessions.start()
    try {
      await this.libp2p.start()
    } catch (err) {
      throw this.explainStart(err as Error)
    }
    await this.announceAddresses()
    this.gossip.start()
    this.counters.publish(() => this.connected().length)
    this.redialler.start(this.file.bootstrap, this.book.known().map(({ peer }) => peer))
    this.every(LIST_EVERY_MS, () => { this.exchange.showToOne() })
    this.every(CERTIFICATE_CHECK_MS, () => { this.dropExpired() })
    this.watchCertificate()
  }

  /** Closes every connection and timer. Safe to repeat. */
  async stop (): Promise<void> {
    this.stopped = true
    for (const timer of this.timers.splice(0)) clearInterval(timer)
    clearTimeout(this.certificateTimer)
    this.redialler.stop()
    await this.sessions.stop()
    await Promise.race([this.libp2p.stop(), new Promise(resolve => setTimeout(resolve, STOP_TIMEOUT_MS).unref())])
    await Promise.all([this.book.flush(), this.saving])
  }

  request (peer: string, kind: string, body: Uint8Array, options: RequestOptions): Promise<Uint8Array> {
    return this.sessions.request(peer, kind, body, options)
  }

  send (peer: string, kind: string, body: Uint8Array, channel?: Channel): boolean {
    return this.sessions.send(peer, kind, body, channel)
  }

  onRequest (kind: string, handler: RequestHandler): void { this.sessions.onRequest(kind, handler) }
  onMessage (kind: string, handler: MessageHandler): void { this.sessions.onMessage(kind, handler) }
  connected (): string[] { return this.sessions.connected() }
  rttMs (peer: string): number | undefined { return peer === this.self ? 0 : this.sessions.rttMs(peer) }
  facts (peer: string): PeerFacts | undefined { return peer === this.self ? this.own.facts : this.book.facts(peer) }
  known (): PeerFacts[] { return [this.own.facts, ...this.book.known()] }
  onConnect (listener: (peer: string) => void): void { this.connectListeners.push(listener) }
  onDisconnect (listener: (peer: string) => void): void { this.disconnectListeners.push(listener) }
  async publish (topic: string, bytes: Uint8Array): Promise<void> { await this.gossip.publish(topic, bytes) }
  subscribe (topic: string, accept: Accept, deliver: Deliver): void { this.gossip.subscribe(topic, accept, deliver) }
  /** Gossipsub's opinion of a peer: 0 is neutral, below -1000 nothing of it is heard. */
  gossipScore (peer: string): number { return this.gossip.score(peer) }

  /** A peer that left or was removed: its connections are closed and it is dialled no more, until it says something newer. */
  forget (peer: string, reason: string): void {
    this.exchange.forget(peer)
    this.certificates.delete(peer)
    this.redialler.forget(peer)
    this.sessions.drop(peer, new Error(reason))
  }

  private async assemble (): Promise<void> {
    const { options, privateKey, file, log } = this
    const certificate = await openCertificate(file.meshKey, file.certificate)
    if (certificate === undefined) throw new InvalidInputError(`the certificate in ${options.stateDir}/mesh.json is not of its mesh`)
    this.certificate = certificate
    const encrypter = admittingNoise(this.admission(), (err, peer, direction) => {
      if (direction === 'inbound') this.counters.countRefusal(err.reason)
      log('info', direction === 'inbound' ? 'a peer was not let in' : 'this peer was not let in',
        { peer, reason: err.reason, message: err.message })
    })
    const topics = options.topics ?? []
    this.libp2p = await createMeshLibp2p({
      privateKey, encrypter, topics, meshId: file.meshId, dht: options.dht ?? {},
      listen: await withLastPorts(this.listen(), file.ports),
      ...(file.networkKey === undefined ? {} : { networkKey: file.networkKey }),
      ...(options.transport === undefined ? {} : { transport: options.transport })
    })
    this.redialler = this.makeRedialler()
    this.sessions = new Sessions({
      libp2p: this.libp2p, self: this.self, counters: this.counters, log,
      dial: async peer => { await this.redialler.connect(peer) },
      onConnect: peer => { this.onConnected(peer) },
      onDisconnect: (peer, err) => { this.onDisconnected(peer, err) }
    })
    this.gossip = new Gossip(this.libp2p.services.pubsub, new Set(topics), this.counters, log)
    this.exchange = new PeerExchange({ sessions: this.sessions, book: this.book, own: () => this.own,
      redialler: this.redialler })
    this.sessions.onMessage(CERTIFICATE, (body, from) => { void this.onCertificate(body, from) })
  }

  private admission (): Admission {
    const { disk, incarnation, nonce } = this.options
    return new Admission({
      standing: () => ({ meshKey: this.file.meshKey, certificate: this.file.certificate }),
      facts: () => this.own,
      disk, incarnation, nonce,
      authority: () => this.authority,
      now: () => Date.now(),
      certified: certificate => { void this.keepCertificate(certificate) },
      admitted: (certificate, facts) => {
        this.learnCertificate(certificate)
        this.exchange.learn(facts, certificate.peer)
      }
    })
  }

  private makeRedialler (): Redialler {
    return new Redialler({
      self: this.self,
      clock: systemClock,
      log: this.log,
      addresses: peer => this.book.facts(peer)?.addresses ?? [],
      isConnected: peer => this.sessions.isConnected(peer),
      connectedCount: () => this.sessions.connected().length,
      dial: async (addresses, peer) => {
        const full = addresses.map(address => peer === undefined || address.includes('/p2p/') ? address : `${address}/p2p/${peer}`)
        try {
          const connection = await this.libp2p.dial(full.map(address => multiaddr(address)))
          return connection.remotePeer.toString()
        } catch (err) {
          throw new UnavailableError(explainDial(err, addresses), peer === undefined ? [] : [peer], { cause: err })
        }
      }
    })
  }

  private listen (): string[] { return this.options.listen ?? ['/ip4/0.0.0.0/tcp/0'] }

  private explainStart (err: Error): Error {
    const text = `${err.message} ${err instanceof AggregateError ? err.errors.map(String).join(' ') : ''}`
    return /EADDRINUSE|UnsupportedListenAddress|could not listen|No listeners|EACCES|EADDRNOTAVAIL/i.test(`${err.name} ${text}`)
      ? new ConflictError(`cannot listen on ${this.listen().join(', ')}: in use or not allowed; choose another with --listen (${err.message})`, { cause: err })
      : err
  }

  private async announceAddresses (): Promise<void> {
    const addresses = this.libp2p.getMultiaddrs().map(String).slice(0, MAX_ADDRESSES)
    this.announced++
    this.own = await signFacts(this.privateKey, { ...this.own.facts, addresses },
      this.options.incarnation * VERSIONS_PER_START + this.announced)
    const ports = portsUsed(this.listen(), addresses)
    if (JSON.stringify(ports) !== JSON.stringify(this.file.ports)) {
      this.file = { ...this.file, ports }
      await this.saveFile()
    }
    this.exchange.announce() // to whoever came in while the port was not known yet
  }

  private onConnected (peer: string): void {
    this.exchange.show(peer)
    // It may have been renewed since the handshake, when there was no session yet to say so.
    this.sessions.send(peer, CERTIFICATE, this.file.certificate)
    this.log('debug', 'connected', { peer })
    // At the start nobody who could renew it may have been in reach.
    void this.renewAtHalfLife()
    for (const listener of this.connectListeners) listener(peer)
  }

  private onDisconnected (peer: string, err: Error): void {
    this.log('debug', 'disconnected', { peer, error: err.message })
    for (const listener of this.disconnectListeners) listener(peer)
    if (this.book.has(peer)) this.redialler.notice(peer)
  }

  private async onCertificate (body: Uint8Array, from: string): Promise<void> {
    const certificate = await openCertificate(this.file.meshKey, body)
    if (certificate?.peer === from) this.learnCertificate(certificate)
  }

  /** A second connection's handshake may have begun before a renewal that the first one already told of. */
  private learnCertificate (certificate: Certificate): void {
    const known = this.certificates.get(certificate.peer)
    if (known === undefined || known.expiresAt <= certificate.expiresAt) this.certificates.set(certificate.peer, certificate)
  }

  /** At half-life, and from then on again and again until it is renewed; a check in between notices a clock that was set. */
  private watchCertificate (): void {
    void this.renewAtHalfLife()
    this.planRenewal()
  }

  /** One that is past half-life as soon as it is here, by a clock ahead of the controllers' or on a busy peer, is not renewed in a circle. */
  private planRenewal (): void {
    if (this.stopped) return
    const { issuedAt, expiresAt } = this.certificate
    const untilHalfLifeMs = halfLifeOf(this.certificate) - Date.now()
    const afterMs = Math.min(CERTIFICATE_CHECK_MS, untilHalfLifeMs > 0 ? untilHalfLifeMs : (expiresAt - issuedAt) / 4)
    clearTimeout(this.certificateTimer)
    this.certificateTimer = setTimeout(() => { this.watchCertificate() }, afterMs)
    this.certificateTimer.unref()
  }

  private async renewAtHalfLife (): Promise<void> {
    if (this.authority === undefined || this.renewing || Date.now() < halfLifeOf(this.certificate)) return
    this.renewing = true
    try {
      const answer = await this.authority.renew(this.self)
      if ('certificate' in answer) await this.keepCertificate(answer.certificate)
      else this.log('warn', 'the certificate was not renewed', { reason: answer.refused })
    } catch (err) {
      this.log('info', 'the certificate cannot be renewed now; will try again', { error: String(err), expiresAt: this.certificate.expiresAt })
    } finally {
      this.renewing = false
    }
  }

  private async keepCertificate (bytes: Uint8Array): Promise<void> {
    const certificate = await openCertificate(this.file.meshKey, bytes)
    if (certificate?.peer !== this.self || certificate.expiresAt <= this.certificate.expiresAt) return
    this.certificate = certificate
    this.file = { ...this.file, certificate: bytes }
    for (const peer of this.connected()) this.sessions.send(peer, CERTIFICATE, bytes)
    this.planRenewal() // its half-life may be nearer than the next check
    void this.saveFile() // a slow disk must not hold up the next renewal
  }

  private dropExpired (): void {
    for (const peer of this.connected()) {
      const certificate = this.certificates.get(peer)
      const expired = certificate !== undefined && Date.now() > certificate.expiresAt + CERTIFICATE_GRACE_MS
      if (!expired && this.authority?.isRevoked(peer) !== true) continue
      this.sessions.drop(peer, new Error('its certificate does not hold any more'))
    }
  }

  /** One after the other: ports and a certificate may change at the same moment, and both go through one temporary file. */
  private saveFile (): Promise<void> {
    this.saving = this.saving.then(() => writeMeshFile(this.options.stateDir, this.file)).catch((err: unknown) => {
      this.log('warn', 'mesh.json could not be saved', { error: String(err) })
    })
    return this.saving
  }

  private every (ms: number, call: () => void): void {
    const timer = setInterval(call, ms)
    timer.unref()
    this.timers.push(timer)
  }
}

function halfLifeOf ({ issuedAt, expiresAt }: Certificate): number { return (issuedAt + expiresAt) / 2 }
