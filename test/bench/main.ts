/**
 * `make bench`: our quorum of three beside three real ceph-mon, in one run on one machine, through librados.
 *
 * Both have the original's options; MONCLAVE_BENCH_SECONDS (default 5) is how long each load lasts.
 */
import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import * as t from 'io-ts'
import * as E from 'fp-ts/lib/Either.js'
import {
  type Implementation,
  type QuorumCluster,
  startQuorum,
  waitForQuorum,
} from '../interop/quorum-cluster.ts'

const Load = t.type({
  perSecond: t.number,
  p50Ms: t.number,
  p99Ms: t.number,
  failures: t.number,
  failure: t.string,
})
type Load = t.TypeOf<typeof Load>

interface Row {
  readonly title: string
  readonly measure: (cluster: QuorumCluster) => string
}

const SECONDS = process.env['MONCLAVE_BENCH_SECONDS'] ?? '5'
const LOADER = join(import.meta.dirname, 'load.py')

const load = (cluster: QuorumCluster, kind: string, clients: number): Load => {
  const out = execFileSync('/usr/bin/python3', [LOADER, cluster.conf, kind, SECONDS, String(clients)], {
    encoding: 'utf8',
  })
  const result = Load.decode(JSON.parse(out))
  if (E.isLeft(result)) throw new Error(`load.py printed ${out}`)
  if (result.right.failures > 0)
    throw new Error(`${kind}: ${result.right.failures} failed: ${result.right.failure}`)
  return result.right
}

const print = ({ perSecond, p50Ms, p99Ms }: Load): string =>
  `${perSecond.toFixed(0)}/s, p50 ${p50Ms.toFixed(1)} ms, p99 ${p99Ms.toFixed(1)} ms`

const loadRow = (title: string, kind: string, clients: number): Row => ({
  title: `${title}, ${clients} client${clients === 1 ? '' : 's'}`,
  measure: (cluster) => print(load(cluster, kind, clients)),
})

const residentMiB = (pid: number): number => {
  const line = /^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))
  return Number(line?.[1] ?? 0) / 1024
}

const ROWS: readonly Row[] = [
  loadRow('writes (config-key set)', 'write', 1),
  loadRow('writes (config-key set)', 'write', 32),
  loadRow('pool creations', 'pool', 1),
  loadRow('pool creations', 'pool', 16),
  loadRow('reads (mon stat)', 'read', 1),
  loadRow('reads (mon stat)', 'read', 16),
  {
    title: 'memory after the load, each monitor',
    measure: (cluster) =>
      cluster.names
        .map((name) => Number(readFileSync(join(cluster.folder, `mon.${name}.pid`), 'utf8')))
        .map((pid) => `${residentMiB(pid).toFixed(0)} MiB`)
        .join(', '),
  },
]

// Pools of one placement group: thousands of them must not run into a limit meant for full disks.
const SETTINGS = ['mon max pg per osd = 100000', 'mon max pools = 100000']

const measure = async (implementation: Implementation, port: number): Promise<readonly string[]> => {
  const began = performance.now()
  const cluster = startQuorum(port, [implementation, implementation, implementation], SETTINGS)
  try {
    await waitForQuorum(cluster)
    const quorumMs = performance.now() - began
    const results = [`${(quorumMs / 1000).toFixed(1)} s`]
    for (const row of ROWS) {
      process.stderr.write(`${implementation}: ${row.title}\n`)
      results.push(row.measure(cluster))
    }
    return results
  } finally {
    cluster.stop()
  }
}

const ours = await measure('ours', 22_300)
const real = await measure('real', 22_310)
const titles = ['mkfs and start to a quorum that answers', ...ROWS.map((row) => row.title)]
const width = Math.max(...titles.map((title) => title.length))
const oursWidth = Math.max(...ours.map((text) => text.length))
process.stdout.write(`${''.padEnd(width)}  ${'this monitor'.padEnd(oursWidth)}  ceph-mon 16.2.15\n`)
titles.forEach((title, i) =>
  process.stdout.write(`${title.padEnd(width)}  ${(ours[i] ?? '').padEnd(oursWidth)}  ${real[i] ?? ''}\n`),
)
