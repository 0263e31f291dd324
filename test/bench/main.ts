/**
 * `make bench`: our quorum of three beside three real ceph-mon, in one run on one machine, through librados.
 *
 *   npx tsx test/bench/main.ts [--only ours|real] [--rows REGEXP] [--seconds N]
 *
 * Both have the original's options. `--only` leaves one of them out, `--rows` the loads whose title does not match
 * (`--rows writes`), and N, 5 by default, is how long each load lasts.
 */
import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
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

const IMPLEMENTATIONS: readonly Implementation[] = ['ours', 'real']
const TITLES: Readonly<Record<Implementation, string>> = { ours: 'this monitor', real: 'ceph-mon 16.2.15' }
const FIRST_PORT = 22_300

const { values: options } = parseArgs({
  options: {
    only: { type: 'string' },
    rows: { type: 'string', default: '' },
    seconds: { type: 'string', default: '5' },
  },
})
const LOADER = join(import.meta.dirname, 'load.py')

const load = (cluster: QuorumCluster, kind: string, clients: number): Load => {
  const out = execFileSync(
    '/usr/bin/python3',
    [LOADER, cluster.conf, kind, options.seconds, String(clients)],
    {
      encoding: 'utf8',
    },
  )
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

const ALL_ROWS: readonly Row[] = [
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

const ROWS = ALL_ROWS.filter(({ title }) => new RegExp(options.rows).test(title))

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

const chosen = IMPLEMENTATIONS.filter((name) => options.only === undefined || options.only === name)
const columns: (readonly string[])[] = [
  ['', 'mkfs and start to a quorum that answers', ...ROWS.map((row) => row.title)],
]
for (const name of chosen)
  columns.push([TITLES[name], ...(await measure(name, FIRST_PORT + 10 * IMPLEMENTATIONS.indexOf(name)))])
const widths = columns.map((column) => Math.max(...column.map((text) => text.length)))
columns[0]?.forEach((_, i) => {
  const line = columns.map((column, at) => (column[i] ?? '').padEnd(widths[at] ?? 0)).join('  ')
  process.stdout.write(`${line.trimEnd()}\n`)
})
