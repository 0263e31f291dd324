/** Whether every monitor of a quorum has what clients of kill-client.py were told. */
import assert from 'node:assert/strict'
import { inventedReads, type Line, makesOf, staleReads } from './history.ts'
import { monotonicSeconds } from './kill-client.ts'
import type { QuorumCluster } from './quorum-cluster.ts'

/** The last acknowledged write of each key, or one that was under way then, is read from each monitor. */
export const checkWrites = async (cluster: QuorumCluster, history: readonly Line[]): Promise<void> => {
  const keys = new Set(history.flatMap((line) => (line.op === 'write' ? [line.key] : [])))
  for (const mon of cluster.names) {
    const reads: Line[] = []
    for (const key of keys) {
      const [kind = '', name = ''] = key.split(':')
      const words = kind === 'config' ? ['config', 'get', name, 'rgw_dns_name'] : ['config-key', 'get', name]
      const from = monotonicSeconds()
      const value = (await cluster.okAt(mon, words)).trim()
      reads.push({ ...{ op: 'read', key, value, from, to: monotonicSeconds(), code: 0, text: '' } })
    }
    assert.deepEqual(inventedReads([...history, ...reads]), [], `mon.${mon}`)
    assert.deepEqual(staleReads([...history, ...reads]), [], `mon.${mon}`)
  }
}

/** Every pool, OSD and key that a client was given is on each monitor. */
export const checkMade = async (cluster: QuorumCluster, history: readonly Line[]): Promise<void> => {
  for (const mon of cluster.names) {
    const osdmap = JSON.parse(await cluster.okAt(mon, ['osd', 'dump', '-f', 'json'])) as {
      readonly pools: readonly { readonly pool_name: string }[]
      readonly osds: readonly { readonly osd: number }[]
    }
    const pools = new Set(osdmap.pools.map(({ pool_name: name }) => name))
    const lost = makesOf(history, 'pool').filter(({ name }) => !pools.has(`kill${name}`))
    assert.deepEqual(lost, [], `mon.${mon}`)
    const osds = new Set(osdmap.osds.map(({ osd }) => osd))
    const ids = makesOf(history, 'osd').map(
      ({ result }) => (JSON.parse(result) as { readonly osdid: number }).osdid,
    )
    assert.deepEqual(
      ids.filter((id) => !osds.has(id)),
      [],
      `mon.${mon}`,
    )
    const entities = await cluster.okAt(mon, ['auth', 'ls', '-f', 'json'])
    for (const { name, result } of makesOf(history, 'entity')) {
      const key = /key = (\S+)/.exec(result)?.[1] ?? 'no key'
      assert.ok(entities.includes(key), `mon.${mon}: client.kill${name} has another key than ${key}`)
    }
  }
}
