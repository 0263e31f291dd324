/**
 * Going into the background. A Node.js process cannot fork, so the one that was started starts a second, of the same
 * arguments and in a session of its own, passes on what that says on stderr, and ends when it is ready: with 0, or
 * with the code that the second ended with. Whoever waits for `ceph-mon` knows then whether it runs.
 *
 * Source: ceph src/common/Preforker.h.
 */
import { spawn } from 'node:child_process'
import { rmSync, writeFileSync } from 'node:fs'

const ROLE = 'MONCLAVE_BACKGROUND'
const READY = 'ready'

/** True in the process that is to be the daemon. */
export const isBackground = (env: Readonly<Record<string, string | undefined>>): boolean =>
  env[ROLE] !== undefined

/** Starts this program again in the background; gives the exit code for this process. */
export const runInBackground = (argv: readonly string[]): Promise<number> =>
  new Promise((resolve) => {
    const child = spawn(process.execPath, [...process.execArgv, ...argv], {
      detached: true,
      stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
      env: { ...process.env, [ROLE]: '1' },
    })
    child.stderr?.pipe(process.stderr)
    child.once('error', () => {
      resolve(1)
    })
    child.once('message', (message) => {
      if (message !== READY) return
      // What still ties the two together would keep this process from ending.
      child.stderr?.destroy()
      if (child.connected) child.disconnect()
      child.unref()
      resolve(0)
    })
    // After 'close' all of its stderr has been passed on.
    child.once('close', (code) => {
      resolve(code ?? 1)
    })
  })

/** Tells the process that waits in the foreground that it may end. */
export const reportReady = (): void => {
  if (process.send === undefined) return
  process.send(READY, () => {
    // Gone or not, it is not needed any more.
    if (process.connected) process.disconnect()
  })
}

/** Writes the process id to `path`; the result removes the file. An empty path means no file. */
export const writePidFile = (path: string): (() => void) => {
  if (path === '') return () => undefined
  writeFileSync(path, `${process.pid}\n`, { mode: 0o644 })
  return () => {
    rmSync(path, { force: true })
  }
}
