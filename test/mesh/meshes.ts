/** Real peers on loopback for the tests of mesh/, with an authority that keeps its tokens in memory. */
import '../../src/polyfill.js'
import { randomBytes } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { CERTIFICATE_TTL_MS, PeerMesh, signCertificate } from '../../src/mesh/index.js'
import { MemoryStore } from '../../src/store/index.js'
import type { Admitted, Authority, Certificate, JoinRequest, PeerMeshOptions } from '../../src/mesh/index.js'

/** Tokens with a number of uses, as a control plane keeps them. */
export class TestAuthority implements Authority {
  readonly asked: JoinRequest[] = []
  readonly revoked = new Set<string>()
  ttlMs = CERTIFICATE_TTL_MS
  private readonly tokens = new Map<string, { uses: number, expiresAt: number, by: Set<string> }>()

  constructor (private readonly mesh: PeerMesh, readonly open = false) {}

  invite ({ uses = 1, ttlMs = 60_000 } = {}): string {
    const secret = new Uint8Array(randomBytes(16))
    const expiresAt = Date.now() + ttlMs
    this.tokens.set(Buffer.from(secret).toString('hex'), { uses, expiresAt, by: new Set() })
    return this.mesh.makeToken({ secret, expiresAt })
  }

  async admit (request: JoinRequest): Promise<Admitted> {
    this.asked.push(request)
    if (request.expired !== undefined) return await this.certify(request)
    if (request.secret === undefined) return this.open ? await this.certify(request) : { refused: 'tokenNeeded' }
    const token = this.tokens.get(Buffer.from(request.secret).toString('hex'))
    if (token === undefined) return { refused: 'foreignToken' }
    if (Date.now() > token.expiresAt) return { refused: 'expiredToken' }
    if (!token.by.has(request.peer) && token.by.size >= token.uses) return { refused: 'spentToken' }
    token.by.add(request.peer)
    return await this.certify(request)
  }

  async renew (peer: string): Promise<Admitted> {
    return { certificate: await this.sign({ peer, tier: 'edge' }) }
  }

  isRevoked (peer: string): boolean { return this.revoked.has(peer) }

  async sign (about: Pick<Certificate, 'peer' | 'tier'>, ttlMs = this.ttlMs): Promise<Uint8Array> {
    return await this.signAt(Date.now(), about, ttlMs)
  }

  async signAt (issuedAt: number, { peer, tier }: Pick<Certificate, 'peer' | 'tier'>, ttlMs = this.ttlMs): Promise<Uint8Array> {
    return await signCertificate(this.mesh.meshPrivateKey!, {
      meshId: this.mesh.meshId, peer, tier, roles: ['peer'], tenant: '', issuedAt, expiresAt: issuedAt + ttlMs
    })
  }

  private async certify ({ peer, facts }: JoinRequest): Promise<Admitted> {
    return { certificate: await this.sign({ peer, tier: facts.tier }) }
  }
}

/** Peers and directories of one test; `end` stops and removes them all. */
export class Meshes {
  private readonly running = new Set<PeerMesh>()
  private readonly dirs: string[] = []
  private starts = 0

  async dir (): Promise<string> {
    const dir = await mkdtemp(join(tmpdir(), 'flowmesh-mesh-'))
    this.dirs.push(dir)
    return dir
  }

  async open (options: Partial<PeerMeshOptions> = {}): Promise<PeerMesh> {
    const stateDir = options.stateDir ?? await this.dir()
    return await PeerMesh.open({
      stateDir,
      store: new MemoryStore(),
      listen: ['/ip4/127.0.0.1/tcp/0'],
      facts: { name: 'p', region: 'r', zone: 'z', tier: 'edge', labels: {}, domain: stateDir },
      disk: stateDir,
      incarnation: ++this.starts,
      nonce: 'n',
      joinTimeoutMs: 5_000,
      ...options
    })
  }

  async start (options: Partial<PeerMeshOptions> = {}): Promise<PeerMesh> {
    const mesh = await this.open(options)
    this.running.add(mesh)
    await mesh.start()
    return mesh
  }

  async found (options: Partial<PeerMeshOptions> = {}, open = false): Promise<{ founder: PeerMesh, authority: TestAuthority }> {
    const founder = await this.open({ membership: { found: true, open }, ...options })
    this.running.add(founder)
    const authority = new TestAuthority(founder, open)
    founder.setAuthority(authority)
    await founder.start()
    return { founder, authority }
  }

  /** A mesh of so many peers, all connected with each other. */
  async grow (count: number, options: Partial<PeerMeshOptions> = {}): Promise<{ peers: PeerMesh[], authority: TestAuthority }> {
    const { founder, authority } = await this.found(options)
    const token = authority.invite({ uses: count })
    const others = await Promise.all(Array.from({ length: count - 1 }, async () =>
      await this.start({ membership: { join: true, token }, ...options })))
    const peers = [founder, ...others]
    await until(() => peers.every(peer => peer.connected().length === count - 1))
    return { peers, authority }
  }

  async stop (mesh: PeerMesh): Promise<void> {
    this.running.delete(mesh)
    await mesh.stop()
  }

  async end (): Promise<void> {
    await Promise.all([...this.running].map(async mesh => { await mesh.stop() }))
    this.running.clear()
    await Promise.all(this.dirs.splice(0).map(async dir => { await rm(dir, { recursive: true, force: true }) }))
  }
}

export async function until (condition: () => boolean | Promise<boolean>, timeoutMs = 10_000): Promise<void> {
  const deadline = performance.now() + timeoutMs
  while (!await condition()) {
    if (performance.now() > deadline) throw new Error(`still not so after ${timeoutMs} ms: ${condition.toString()}`)
    await new Promise(resolve => setTimeout(resolve, 10))
  }
}

export async function failure (promise: Promise<unknown>): Promise<Error> {
  return await promise.then(() => { throw new Error('it did not fail') }, (err: Error) => err)
}

export const bytes = (text: string): Uint8Array => new TextEncoder().encode(text)
export const text = (body: Uint8Array): string => new TextDecoder().decode(body)
