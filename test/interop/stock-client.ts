/** The stock `ceph` program as one process that runs command after command over standing connections. */
import { spawn } from 'node:child_process'
import { join } from 'node:path'
import { createInterface } from 'node:readline'

export interface CommandResult {
  readonly code: number | null
  readonly stdout: string
  readonly stderr: string
}

export interface StockClient {
  /** `options` choose the cluster (`-c`), `socket`, an admin socket, the monitor that is spoken to. */
  readonly run: (
    options: readonly string[],
    args: readonly string[],
    socket?: string,
  ) => Promise<CommandResult>
  readonly stop: () => void
}

export const startStockClient = (): StockClient => {
  const child = spawn('/usr/bin/python3', [join(import.meta.dirname, 'stock-client.py')], {
    stdio: ['pipe', 'pipe', 'inherit'],
  })
  const answers: AsyncIterator<string, undefined> = createInterface({ input: child.stdout })[
    Symbol.asyncIterator
  ]()
  return {
    run: async (options, args, socket) => {
      child.stdin.write(`${JSON.stringify({ options, args, socket: socket ?? null })}\n`)
      const answer: IteratorResult<string, undefined> = await answers.next()
      if (answer.done === true) throw new Error(`the client ended at: ceph ${args.join(' ')}`)
      return JSON.parse(answer.value) as CommandResult
    },
    stop: () => {
      child.kill('SIGKILL')
    },
  }
}
