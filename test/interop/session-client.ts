/** The connection of session-client.py as a process: asked, stopped, continued, and what its log says. */
import assert from 'node:assert/strict'
import { spawn, type ChildProcess } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { createInterface } from 'node:readline'

export interface SessionAnswer {
  readonly code: number
  readonly out: string
  /** Of the connection: its global_id. */
  readonly id: string
}

export class SessionClient {
  private readonly logPath: string
  private readonly child: ChildProcess
  private readonly answers: AsyncIterator<string, undefined>

  /** `settings` as `name=value`. */
  constructor(folder: string, conf: string, name: string, settings: readonly string[] = []) {
    this.logPath = join(folder, `${name}.client.log`)
    this.child = spawn(
      '/usr/bin/python3',
      [join(import.meta.dirname, 'session-client.py'), conf, this.logPath, ...settings],
      { stdio: ['pipe', 'pipe', 'inherit'] },
    )
    assert.ok(this.child.stdout !== null)
    this.answers = createInterface({ input: this.child.stdout })[Symbol.asyncIterator]()
  }

  /** Resolves once it is connected. */
  connected(): Promise<SessionAnswer> {
    return this.next()
  }

  command(words: Readonly<Record<string, unknown>>): Promise<SessionAnswer> {
    this.child.stdin?.write(`${JSON.stringify(words)}\n`)
    return this.next()
  }

  signal(signal: NodeJS.Signals): void {
    this.child.kill(signal)
  }

  log(): string {
    return readFileSync(this.logPath, 'utf8')
  }

  private async next(): Promise<SessionAnswer> {
    const line: IteratorResult<string, undefined> = await this.answers.next()
    assert.ok(line.done !== true, 'the client has ended')
    return JSON.parse(line.value) as SessionAnswer
  }
}
