import assert from 'node:assert/strict'
import { type Implementation, type QuorumCluster, startQuorum, waitForQuorum } from './quorum-cluster.ts'

// Each arrangement is made from nothing: two monitors of Debian's packages and one of ours.
const ARRANGEMENTS: readonly (readonly [title: string, port: number, monitors: readonly Implementation[]])[] =
  [
    ['ours as a peon', 22_100, ['real', 'real', 'ours']],
    ['ours as the leader', 22_110, ['ours', 'real', 'real']],
  ]

for (const [title, port, monitors] of ARRANGEMENTS)
  describe(`one quorum with the original: ${title}`, function () {
    this.timeout(240_000)
    let cluster: QuorumCluster
    before(() => {
      cluster = startQuorum(port, monitors)
    })
    after(() => {
      cluster.stop()
    })

    it('has all three members, the first leads', async () => {
      const { quorum_leader_name: leader } = await waitForQuorum(cluster)
      assert.equal(leader, 'a')
    })

    it('commits keys, options, entities and pools', () => {
      cluster.ok(['config-key', 'set', 'mixed/key', 'value'])
      cluster.ok(['config', 'set', 'osd', 'debug_osd', '7'])
      cluster.ok(['auth', 'get-or-create', 'client.mixed', 'mon', 'allow r'])
      assert.match(cluster.ceph(['osd', 'pool', 'create', 'mixed', '16']).stderr, /pool 'mixed' created/)
    })

    it('reads the same from each monitor', async () => {
      const reads = [
        ['config-key', 'get', 'mixed/key'],
        ['config', 'dump'],
        ['auth', 'get', 'client.mixed'],
        ['osd', 'dump', '-f', 'json'],
        ['osd', 'pool', 'ls', 'detail'],
        ['osd', 'crush', 'rule', 'dump'],
        ['mon', 'dump'],
      ]
      for (const args of reads) {
        const first = await cluster.okAt('a', args)
        for (const mon of ['b', 'c'])
          assert.equal(await cluster.okAt(mon, args), first, `mon.${mon}: ${args.join(' ')}`)
      }
    })

    it('goes on when the leader is killed, and takes it back', async () => {
      cluster.kill('a')
      cluster.ok(['config-key', 'set', 'mixed/after', 'the leader died'])
      await waitForQuorum(cluster, ['b', 'c'])
      cluster.start('a')
      await waitForQuorum(cluster)
      cluster.ok(['osd', 'pool', 'create', 'again', '8'])
      for (const mon of cluster.names)
        assert.equal(
          (await cluster.okAt(mon, ['config-key', 'get', 'mixed/after'])).trim(),
          'the leader died',
        )
    })

    it('leaves the original without a crc mismatch or an assertion in its log', () => {
      for (const name of cluster.names) {
        const bad = cluster
          .log(name)
          .split('\n')
          .filter((line) => /mismatch|FAILED ceph_assert|bad crc|failed to decode/i.test(line))
        assert.deepEqual(bad, [], `mon.${name}`)
      }
    })
  })
