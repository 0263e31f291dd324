/** The load of kill-client.py as a process: started, stopped, and what it has seen. */
import assert from 'node:assert/strict'
import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { parseHistory, type Line } from './history.ts'

interface Ended {
  /** Requests that were never answered. */
  readonly hanging: readonly unknown[]
  readonly failures: readonly string[]
}

export class KillClient {
  private readonly path: string
  private readonly child: ChildProcess
  private readonly output: Promise<string>

  constructor(folder: string, conf: string, seed: number) {
    this.path = join(folder, 'history')
    this.child = spawn(
      '/usr/bin/python3',
      [join(import.meta.dirname, 'kill-client.py'), conf, this.path, String(seed)],
      { stdio: ['pipe', 'pipe', 'inherit'] },
    )
    assert.ok(this.child.stdout !== null)
    this.output = text(this.child.stdout)
  }

  /** Grows as requests are answered. */
  progress(): number {
    return statSync(this.path, { throwIfNoEntry: false })?.size ?? 0
  }

  /** Stops the load and waits until all that was asked is answered. */
  async stop(): Promise<Ended> {
    this.child.stdin?.end()
    if (this.child.exitCode === null) await once(this.child, 'exit')
    return JSON.parse(await this.output) as Ended
  }

  kill(): void {
    this.child.kill('SIGKILL')
  }

  /** What has been answered until now. */
  history(): readonly Line[] {
    const whole = readFileSync(this.path, 'utf8')
    return parseHistory(whole.slice(0, whole.lastIndexOf('\n') + 1))
  }
}

/** The clock of the history. */
export const monotonicSeconds = (): number => Number(process.hrtime.bigint()) / 1e9
