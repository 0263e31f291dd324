/** The stock `ceph` program as one process that runs command after command over standing connections. */
import { spawn } from 'node:child_process'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import type { CommandResult } from './quorum-cluster.ts'

export interface StockClient {
  /** `options` choose cluster and connection: `-c`, `-m`, `-n`. */
  readonly run: (options: readonly string[], args: readonly string[]) => Promise<CommandResult>
  readonly stop: () => void
}

export const startStockClient = (): StockClient => {
  const child = spawn('/usr/bin/python3', [join(import.meta.dirname, 'stock-client.py')], {
    stdio: ['pipe', 'pipe', 'inherit'],
  })
  const answers = createInterface({ input: child.stdout })[Symbol.asyncIterator]()
  return {
    run: async (options, args) => {
      child.stdin.write(`${JSON.stringify({ options, args })}\n`)
      const { value, done } = await answers.next()
      if (done === true) throw new Error(`the client ended at: ceph ${args.join(' ')}`)
      return JSON.parse(value) as CommandResult
    },
    stop: () => {
      child.kill('SIGKILL')
    },
  }
}
