/**
 * `mesh.json`: which mesh this state directory belongs to and by what right, kept for the owner only. The founder's also
 * holds the mesh's private key.
 */
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fromString } from 'uint8arrays/from-string'
import { toString } from 'uint8arrays/to-string'
import { StateDirError } from '../errors.js'
import { meshIdOf } from './certificate.js'
import { writePrivateFile } from './private-file.js'

export interface MeshFile {
  meshId: string
  /** Raw ed25519 public key. */ meshKey: Uint8Array
  /** Protobuf form; only where the mesh was founded or the control plane handed it over. */ meshPrivateKey?: Uint8Array
  /** Absent in an open mesh. */ networkKey?: Uint8Array
  certificate: Uint8Array
  /** Addresses of the token or the command line, dialled always. */ bootstrap: string[]
  /** Port last used, by listen address with port 0. */ ports: Record<string, number>
}

const FILE = 'mesh.json'
const VERSION = 1
const KEYS = ['meshKey', 'meshPrivateKey', 'networkKey', 'certificate'] as const

/** Undefined when the directory belongs to no mesh yet. Throws StateDirError for a file that is damaged or newer. */
export async function readMeshFile (stateDir: string): Promise<MeshFile | undefined> {
  const text = await readFile(join(stateDir, FILE), 'utf8').catch((err: NodeJS.ErrnoException) => {
    if (err.code === 'ENOENT') return undefined
    throw new StateDirError(stateDir, 'access', `cannot read ${FILE}: ${err.message}`, { cause: err })
  })
  if (text === undefined) return undefined
  const raw = parse(text)
  if (typeof raw?.['version'] === 'number' && raw['version'] > VERSION) {
    throw new StateDirError(stateDir, 'newer',
      `${FILE} has version ${raw['version']}, this release reads ${VERSION}; use the newer release`)
  }
  const file = raw === undefined ? undefined : decode(raw)
  if (file !== undefined) return file
  throw new StateDirError(stateDir, 'damaged',
    `${FILE} is damaged; restore it from a backup, or use an empty directory and join again`)
}

export async function writeMeshFile (stateDir: string, file: MeshFile): Promise<void> {
  const keys = Object.fromEntries(KEYS.filter(key => file[key] !== undefined).map(key =>
    [key, toString(file[key]!, 'base64url')]))
  const { meshId, bootstrap, ports } = file
  await writePrivateFile(join(stateDir, FILE),
    JSON.stringify({ version: VERSION, meshId, ...keys, bootstrap, ports }, null, 2) + '\n')
}

function parse (text: string): Record<string, unknown> | undefined {
  try {
    const raw: unknown = JSON.parse(text)
    return typeof raw === 'object' && raw !== null ? raw as Record<string, unknown> : undefined
  } catch {
    return undefined
  }
}

function decode (raw: Record<string, unknown>): MeshFile | undefined {
  const { meshId, bootstrap, ports } = raw
  const [meshKey, meshPrivateKey, networkKey, certificate] = KEYS.map(key => bytesOf(raw[key]))
  const sound = meshKey?.byteLength === 32 && meshId === meshIdOf(meshKey) && certificate !== undefined &&
    (networkKey === undefined || networkKey.byteLength === 32) && isTexts(bootstrap) && isPorts(ports) &&
    KEYS.every((key, i) => raw[key] === undefined || [meshKey, meshPrivateKey, networkKey, certificate][i] !== undefined)
  if (!sound) return undefined
  return {
    meshId, meshKey, certificate, bootstrap, ports,
    ...(meshPrivateKey === undefined ? {} : { meshPrivateKey }),
    ...(networkKey === undefined ? {} : { networkKey })
  }
}

function bytesOf (value: unknown): Uint8Array | undefined {
  if (typeof value !== 'string') return undefined
  try { return fromString(value, 'base64url') } catch { return undefined }
}

function isTexts (value: unknown): value is string[] {
  return Array.isArray(value) && value.every(text => typeof text === 'string')
}

function isPorts (value: unknown): value is Record<string, number> {
  return typeof value === 'object' && value !== null && Object.values(value).every(port => Number.isInteger(port))
}
