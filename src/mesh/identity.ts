/**
 * The peer's own key: an ed25519 key made at the first start and kept in `identity.key`, readable by its owner only. The
 * peer id is derived from it, so losing the file means being another peer.
 */
import { generateKeyPair, privateKeyFromProtobuf, privateKeyToProtobuf } from '@libp2p/crypto/keys'
import { chmod, readFile, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { StateDirError } from '../errors.js'
import { writePrivateFile } from './private-file.js'
import type { Ed25519PrivateKey } from '@libp2p/interface'

const FILE = 'identity.key'

/** Reads the key of this state directory, or makes it. Throws StateDirError when the file is there and is no key. */
export async function loadIdentity (stateDir: string): Promise<Ed25519PrivateKey> {
  const path = join(stateDir, FILE)
  const bytes = await readFile(path).catch((err: NodeJS.ErrnoException) => {
    if (err.code === 'ENOENT') return undefined
    throw new StateDirError(stateDir, 'access', `cannot read ${FILE}: ${err.message}`, { cause: err })
  })
  if (bytes === undefined) return await makeIdentity(path)
  await tighten(path)
  try {
    const key = privateKeyFromProtobuf(bytes)
    if (key.type === 'Ed25519') return key
  } catch {}
  throw new StateDirError(stateDir, 'damaged',
    `${FILE} is no ed25519 key; restore it from a backup, or use an empty directory and join as a new peer`)
}

async function makeIdentity (path: string): Promise<Ed25519PrivateKey> {
  const key = await generateKeyPair('Ed25519')
  await writePrivateFile(path, privateKeyToProtobuf(key))
  return key
}

/** A backup tool or a copy may have opened it to others. */
async function tighten (path: string): Promise<void> {
  const { mode } = await stat(path)
  if ((mode & 0o077) !== 0) await chmod(path, 0o600)
}
