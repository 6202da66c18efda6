/**
 * The only place where a peer is put together: state directory, mesh, control plane, catalog, runtimes, sidecar, API, in
 * this order, and down again in the opposite one. `ready` waits for no other peer and no quorum, except in the very first
 * start of a peer that joins: it belongs to no mesh before somebody let it in.
 */
import { removeApiFile, startApi, writeApiFile } from './api/index.js'
import type { RunningApi } from './api/index.js'
import { Catalog, likelyProviders } from './catalog/index.js'
import { RING_TOPICS } from './checkpoint/index.js'
import { systemClock } from './clock.js'
import { ControlClient, Controller, noteStart } from './control/index.js'
import { PeerMesh } from './mesh/index.js'
import type { Membership } from './mesh/index.js'
import type { PeerEvent, PeerOptions, RunningPeer } from './peer-options.js'
import { JsRuntime } from './runtime/index.js'
import { JqWorker } from './runtime/jq/index.js'
import { LocalExecutions, Logs, Retention, Sidecar } from './sidecar/index.js'
import { openStateDir } from './store/index.js'
import type { StateDir } from './store/index.js'
import { configureLogs, log, metrics, watchProcess } from './telemetry.js'

const LEAVE_SET_MS = 3000
const HAND_OVER_MS = 3000
/** Calls at once per processor: functions mostly wait for others. */
const SLOTS_PER_CPU = 32
const MAX_BRANCHES = 20_000

const logger = log('peer')
const meshLog = log('mesh')

/** @throws StateDirError, NotAdmittedError, UnavailableError, InvalidInputError; each says what to do */
export async function startPeer (options: PeerOptions): Promise<RunningPeer> {
  configureLogs({ level: options.logLevel })
  const dir = await openStateDir(options.stateDir, { name: options.name })
  const undo: (() => unknown)[] = [async () => { await dir.close() }]
  try {
    return await assemble(options, dir, undo)
  } catch (err) {
    await unwind(undo)
    throw err
  }
}

async function assemble (options: PeerOptions, dir: StateDir, undo: (() => unknown)[]): Promise<RunningPeer> {
  const { store, disk, incarnation } = dir
  const clock = systemClock
  const events = new Events()
  const { name, region, zone, tier, labels, domain } = options
  const facts = { name, region, zone, tier, labels, domain }
  undo.push(watchProcess())

  await noteStart(store, { incarnation: incarnation.count, nonce: incarnation.nonce })
  const mesh = await openMesh(options, dir, facts)
  let controller: Controller | undefined
  let fail = (_: Error): void => {}
  const failed = new Promise<Error>(resolve => { fail = resolve })
  const fatal = (err: Error): void => {
    logger.error('this peer must stop', { err })
    events.emit({ event: 'failed', reason: err.message })
    fail(err)
  }
  store.onFailure(fatal)
  const control = await ControlClient.open({
    mesh, store, clock, disk, incarnation,
    facts: () => ({ ...facts, addresses: mesh.addresses() }),
    load: () => sidecar.loadShare(),
    service: () => controller?.service,
    makeToken: (secret, expiresAt) => mesh.makeToken({ secret, expiresAt }),
    onRefused: fatal,
    log: (level, message, fields) => { log('control')[level](message, fields) }
  })
  mesh.setAuthority(control)

  const js = new JsRuntime()
  undo.push(async () => { await js.close() })
  const jq = new JqWorker()
  undo.push(async () => { await jq.close() })
  const catalog = new Catalog({
    stateDir: dir.path, sessions: mesh, clock, findProviders: cid => likelyProviders(control.view(), mesh.self, mesh.connected(), cid)
  })
  const self = { peer: mesh.self, incarnation: `${incarnation.count}.${incarnation.nonce}` }
  const logs = new Logs(store, mesh, self.incarnation)
  const sidecar = new Sidecar({
    mesh, store, clock, control, catalog, js, jq, self, disk,
    httpMap: options.httpMap,
    slots: Math.max(1, Math.round(options.cpus)) * SLOTS_PER_CPU,
    maxBranches: MAX_BRANCHES,
    onEvent: event => { events.emit(event) },
    keepLogs: (execution, task, attempt, lines) => { logs.keep(execution, task, attempt, lines) },
    onBroken: fatal
  })

  await catalog.start()
  undo.push(async () => { await catalog.stop() })
  await mesh.start()
  undo.push(async () => { await mesh.stop() })
  if (mesh.meshPrivateKey !== undefined) {
    controller = await Controller.open({
      self: mesh.self, meshId: mesh.meshId, meshPrivateKey: mesh.meshPrivateKey, store, clock, disk, incarnation, open: mesh.isOpen,
      facts: { ...facts, addresses: mesh.addresses() },
      log: (level, message, fields) => { log('control')[level](message, fields) },
      onFailure: fatal
    })
    controller.start()
    const running = controller
    undo.push(async () => { await running.stop() })
  }
  control.start()
  undo.push(async () => { await control.stop() })
  logs.start()
  const executions = new LocalExecutions(sidecar, logs)
  executions.serve()
  await sidecar.start()
  undo.push(() => { sidecar.stop() })
  const retention = new Retention({ checkpoint: sidecar.checkpoint, control, clock })
  retention.start()
  undo.push(() => { retention.stop() })
  control.onChange(view => { catalog.follow(view) })
  catalog.follow(control.view())

  mesh.onConnect(peer => { events.emit({ event: 'peerConnected', peer, name: mesh.facts(peer)?.name }) })
  mesh.onDisconnect(peer => { events.emit({ event: 'peerDisconnected', peer, name: mesh.facts(peer)?.name }) })

  const api = await openApi(options, dir, { executions, control, mesh, blobs: catalog, events, sidecar })
  undo.push(async () => {
    await removeApiFile(dir.path)
    await api.close()
  })

  let stopping: Promise<void> | undefined
  const stop = async (): Promise<void> => {
    await sidecar.leave(HAND_OVER_MS).catch((err: unknown) => { logger.warn('not every branch could be handed over', { reason: String(err) }) })
    await control.leave(LEAVE_SET_MS).catch((err: unknown) => { logger.warn('not every place in a replica set could be handed over', { reason: String(err) }) })
    await unwind(undo)
  }
  return {
    ready: { peer: mesh.self, mesh: mesh.meshId, addresses: mesh.addresses(), api: api.url, stateDir: dir.path },
    onEvent: listener => events.on(listener),
    failed,
    stop: async () => { await (stopping ??= stop()) }
  }
}

async function openMesh (options: PeerOptions, dir: StateDir, facts: PeerMeshFacts): Promise<PeerMesh> {
  return await PeerMesh.open({
    stateDir: dir.path, store: dir.store, listen: options.listen, facts, disk: dir.disk,
    incarnation: dir.incarnation.count, nonce: dir.incarnation.nonce,
    membership: membershipOf(options),
    ...(options.joinTimeoutMs === undefined ? {} : { joinTimeoutMs: options.joinTimeoutMs }),
    topics: RING_TOPICS,
    log: (level, message, fields = {}) => {
      const { from, kind, topic } = fields
      // Strangers and members can bring about any warning of the mesh.
      if (level === 'warn') meshLog.seldom(JSON.stringify([from, kind, topic]), message, fields)
      else meshLog[level](message, fields)
    }
  })
}
type PeerMeshFacts = Parameters<typeof PeerMesh.open>[0]['facts']

function membershipOf ({ join, open }: PeerOptions): Membership {
  if (join === undefined) return { found: true, open }
  return 'bootstrap' in join ? { join: true, bootstrap: join.bootstrap, token: join.token } : { join: true, token: join.token }
}

interface ApiParts { executions: LocalExecutions, control: ControlClient, mesh: PeerMesh, blobs: Catalog, events: Events, sidecar: Sidecar }

async function openApi (options: PeerOptions, dir: StateDir, { executions, control, mesh, blobs, events, sidecar }: ApiParts): Promise<RunningApi> {
  const { host, port } = options.api
  const resources = { cpus: options.cpus, memoryBytes: options.memoryBytes, accelerators: options.accelerators }
  const api = await startApi(
    {
      host, port, rememberedPort: dir.lastPort(`api/${host}`),
      ...(options.apiToken === undefined ? {} : { token: options.apiToken }),
      log: (message, err) => { logger.error(message, { err }) }
    },
    {
      executions, control, mesh, blobs,
      metrics: async () => metrics.render(),
      readiness: () => ({ ready: true }),
      onEvent: listener => events.on(listener),
      resources: peer => peer === mesh.self ? resources : undefined,
      executionsIn: set => sidecar.checkpoint.replicas.liveIn(set)
    })
  await dir.rememberPort(`api/${host}`, api.port)
  await writeApiFile(dir.path, { url: api.url, pid: process.pid, ...(options.apiToken === undefined ? {} : { token: options.apiToken }) })
  return api
}

class Events {
  private readonly listeners = new Set<(event: PeerEvent) => void>()
  on (listener: (event: PeerEvent) => void): () => void {
    this.listeners.add(listener)
    return () => { this.listeners.delete(listener) }
  }

  emit (event: PeerEvent): void { for (const listener of [...this.listeners]) listener(event) }
}

/** Last opened, first closed; one that fails does not keep the others open. */
async function unwind (undo: (() => unknown)[]): Promise<void> {
  for (const step of undo.splice(0).reverse()) {
    try {
      await step()
    } catch (err) {
      logger.warn('a part did not stop cleanly', { reason: String(err) })
    }
  }
}

