/**
 * Processes that must not outlive the one that started them, however that ends: by itself, by an exception, by a signal, or
 * killed. The last is seen only from outside, by a shell that waits for its input to close.
 */
import { spawn } from 'node:child_process'
import type { ChildProcess } from 'node:child_process'
import type { Writable } from 'node:stream'

const running = new Set<ChildProcess>()
let keeper: Writable | undefined

/** Told "add PID" and "end PID", a line each, it kills at the end of its input those that have not ended. */
const KEEPER = `pids=" "
while read -r verb pid; do
  if [ "$verb" = add ]; then pids="$pids$pid "; else pids="\${pids%% $pid *} \${pids#* $pid }"; fi
done
for pid in $pids; do kill -9 "$pid"; done`

/** Returns the same. Its own children are its own affair. */
export function endsWithThis<C extends ChildProcess> (child: C): C {
  const { pid } = child
  if (pid === undefined) return child // it could not be started
  keeper ??= startKeeper()
  running.add(child)
  keeper.write(`add ${pid}\n`)
  child.once('exit', () => {
    running.delete(child)
    keeper?.write(`end ${pid}\n`)
  })
  return child
}

function startKeeper (): Writable {
  process.on('exit', () => { for (const child of running) child.kill('SIGKILL') })
  // A process that is ended by a signal tells nobody: one that exits does.
  for (const [signal, number] of [['SIGHUP', 1], ['SIGINT', 2], ['SIGTERM', 15]] as const) process.once(signal, () => { process.exit(128 + number) })
  // In a group of its own, so that an interrupt at the keyboard does not end it first; and nobody waits for it.
  const shell = spawn('sh', ['-c', KEEPER], { stdio: ['pipe', 'ignore', 'ignore'], detached: true })
  shell.on('error', () => {}).unref()
  shell.stdin.on('error', () => {})
  ;(shell.stdin as typeof shell.stdin & { unref (): void }).unref()
  return shell.stdin
}
