import { expect } from 'chai'
import { Meshes, bytes, until } from './meshes.js'
import type { DhtNamespace, PeerMesh } from '../../src/mesh/index.js'

/** Believes only what begins with "ok". */
const strict: DhtNamespace = {
  validate: (_, value) => { if (!Buffer.from(value).toString().startsWith('ok')) throw new Error('junk') },
  select: () => 0
}
const lax: DhtNamespace = { validate: () => {}, select: () => 0 }
const within = (ms: number): { signal: AbortSignal } => ({ signal: AbortSignal.timeout(ms) })

describe('the DHT', function () {
  this.timeout(20_000)
  const meshes = new Meshes()
  let honest: PeerMesh
  let other: PeerMesh
  let hostile: PeerMesh

  before(async () => {
    const founded = await meshes.found({ dht: { manifests: strict } })
    honest = founded.founder
    const token = founded.authority.invite({ uses: 2 })
    other = await meshes.start({ dht: { manifests: strict }, membership: { join: true, token } })
    hostile = await meshes.start({ dht: { manifests: lax, junk: lax, pk: lax }, membership: { join: true, token } })
    await until(() => [honest, other, hostile].every(mesh => mesh.connected().length === 2))
    await until(() => knows(hostile) === 2 && knows(other) === 2)
  })
  after(async () => { await meshes.end() })

  const knows = (mesh: PeerMesh): number => (mesh.dht as unknown as { routingTable: { size: number } }).routingTable.size

  /** What one peer keeps itself. */
  async function kept (mesh: PeerMesh): Promise<number> {
    const { datastore } = (mesh as unknown as { libp2p: { components: { datastore: { query (q: object): AsyncIterable<unknown> } } } }).libp2p.components
    let count = 0
    for await (const pair of datastore.query({ prefix: '/dht/record' })) count += pair === undefined ? 0 : 1
    return count
  }

  async function put (mesh: PeerMesh, key: string, value: string): Promise<string[]> {
    const events: string[] = []
    try {
      for await (const { name } of mesh.dht.put(bytes(key), bytes(value), within(3_000))) events.push(name)
    } catch (err) {
      events.push((err as Error).message)
    }
    return events
  }

  it('keeps a valid record of its own namespace where others find it', async () => {
    await put(other, '/manifests/a', 'ok: a')
    const values: string[] = []
    for await (const event of honest.dht.get(bytes('/manifests/a'), within(3_000))) {
      if (event.name === 'VALUE') values.push(Buffer.from(event.value).toString())
    }

    expect(values).to.include('ok: a')
    expect(await kept(honest)).to.equal(1)
  })

  it('stores no junk that a member sends: wrong values, other namespaces, public keys', async () => {
    const before = await kept(honest)

    for (let n = 0; n < 12; n++) {
      for (const key of [`/manifests/junk-${n}`, `/junk/${n}`, `/pk/${n}`]) await put(hostile, key, `junk ${n}`)
    }

    expect(await kept(hostile)).to.be.greaterThan(20)
    expect(await kept(honest)).to.equal(before)
    expect(await kept(other)).to.be.at.most(before)
  })
})
