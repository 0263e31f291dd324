/**
 * Who may enter and what they may do: one monitor of ours beside one of Debian's, asked the same by the stock client.
 * Exit codes and texts must be the same.
 */
import assert from 'node:assert/strict'
import { appendFileSync } from 'node:fs'
import { join } from 'node:path'
import { type QuorumCluster, startQuorum, waitForQuorum } from './quorum-cluster.ts'
import { haveCeph } from './real-mon.ts'
import { type CommandResult, startStockClient, type StockClient } from './stock-client.ts'

const PORT = Number(process.env['CEPHX_PORT'] ?? 21330)
const TICKET_TTL = ['auth mon ticket ttl = 12', 'auth service ticket ttl = 12']
const WRONG_KEY = 'AQBmRzpnAAAAABAAiQ0VmBNP0mrnfcPDJpOQyA=='

/** Entities, and the capability of the monitor that each has. */
const ENTITIES: readonly (readonly [name: string, cap: string])[] = [
  ['client.reader', 'allow r'],
  ['client.rbd', 'profile rbd'],
  ['client.osdlike', 'allow profile osd'],
  ['client.mdslike', 'allow profile mds'],
  ['client.boot', 'allow profile bootstrap-osd'],
  ['client.definer', 'allow profile role-definer'],
  ['client.one', 'allow command "osd pool create" with pool prefix my, allow r'],
  ['client.service', 'allow service osd r, allow service config-key rw'],
  ['client.elsewhere', 'allow rw network 10.0.0.0/8'],
  ['client.here', 'allow rw network 127.0.0.0/8'],
]

const COMMANDS: readonly (readonly string[])[] = [
  ['mon', 'stat'],
  ['osd', 'dump'],
  ['osd', 'blocklist', 'ls'],
  ['osd', 'blocklist', 'add', '10.1.2.3:0/1'],
  ['osd', 'pool', 'create', 'mine', '1'],
  ['osd', 'pool', 'create', 'theirs', '1'],
  ['auth', 'ls'],
  ['auth', 'get-or-create', 'client.new', 'mon', 'allow r'],
  ['config-key', 'exists', 'a'],
  ['config-key', 'set', 'a', 'b'],
  ['config', 'set', 'osd', 'debug_osd', '1'],
  ['tell', 'mon.a', 'version'],
]

const CAPS: readonly string[] = [
  ...['allow', 'allow x', 'allow rwx', 'allow *', 'allow rw, allow r', 'allow r;allow w', '*', 'r', '', ' '],
  ...[
    'allow r allow w',
    'allow q',
    'deny r',
    'profile',
    'profile nonsense',
    'allow profile osd',
    'allow profile',
  ],
  ...[
    'allow command',
    'allow command "osd dump"',
    'allow command foo with bar=baz',
    'allow command foo with bar prefix',
  ],
  ...['allow command foo with bar regex "x"', 'allow command foo with a=1 b prefix c', 'allow command "foo'],
  ...[
    'allow service osd r',
    'allow service',
    'allow service osd',
    'allow osd r',
    'allow r network 10.0.0.0/8',
  ],
  ...[
    'allow r network 10.0.0.0',
    'allow r network',
    'allow r network junk',
    'allow fsname=a',
    'allow r fsname=a',
  ],
]

// What differs from run to run: time, thread, addresses.
const settled = ({ code, stderr }: CommandResult): { code: number | null; stderr: string } => ({
  code,
  stderr: stderr
    .replaceAll(/^\S+T\S+ [0-9a-f]+ +-?\d+ /gm, '')
    .replaceAll(/\d{4}-\d\d-\d\dT[\d:.]+\+0000/g, 'TIME')
    .replaceAll(/127\.0\.0\.1:\d+(\/\d+)?/g, 'ADDR'),
})

describe('authentication and capabilities, as with the real monitor', function () {
  this.timeout(180_000)
  const clusters = new Map<string, QuorumCluster>()
  const clients = new Map<string, StockClient>()
  const at = (name: string): QuorumCluster => {
    const cluster = clusters.get(name)
    assert.ok(cluster !== undefined)
    return cluster
  }
  /** Asked of both; over a standing connection for each identity. */
  const ask = async (
    identity: readonly string[],
    args: readonly string[],
    pair = '',
  ): Promise<CommandResult[]> =>
    Promise.all(
      ['ours', 'real'].map(async (which) => {
        const client = clients.get(which)
        assert.ok(client !== undefined)
        return client.run(['-c', at(which + pair).conf, ...identity], args)
      }),
    )
  const same = async (
    identity: readonly string[],
    args: readonly string[],
    pair = '',
  ): Promise<number | null> => {
    const [ours, real] = (await ask(identity, args, pair)).map(settled)
    assert.deepEqual(ours, real, `${identity.join(' ')} ${args.join(' ')}`)
    return ours?.code ?? null
  }

  before(async function () {
    if (!haveCeph()) {
      console.log('      skipped: ceph-mon is not installed')
      this.skip()
    }
    const debug = ['[mon]', 'debug mon = 10', 'debug ms = 10']
    const start = (name: string, port: number, settings: readonly string[]): void =>
      void clusters.set(name, startQuorum(port, [name.startsWith('ours') ? 'ours' : 'real'], settings))
    start('ours', PORT, [...TICKET_TTL, ...debug])
    start('real', PORT + 2, TICKET_TTL)
    start('ours-secure', PORT + 4, ['ms mon service mode = secure'])
    start('real-secure', PORT + 6, ['ms mon service mode = secure'])
    for (const cluster of clusters.values()) await waitForQuorum(cluster)
    for (const which of ['ours', 'real']) {
      clients.set(which, startStockClient())
      for (const [name, cap] of ENTITIES) {
        const keyring = at(which).ok(['auth', 'get-or-create', name, 'mon', cap])
        appendFileSync(join(at(which).folder, 'keyring'), keyring)
      }
    }
  })
  after(() => {
    for (const client of clients.values()) client.stop()
    for (const cluster of clusters.values()) cluster.stop()
  })

  it('a wrong key, and a name that nobody knows, are refused with the same words', () => {
    for (const name of ['client.admin', 'client.nobody']) {
      const [ours, real] = ['ours', 'real'].map((which) =>
        settled(at(which).ceph(['-n', name, '--key', WRONG_KEY, 'mon', 'stat'])),
      )
      assert.deepEqual(ours, real)
      assert.notEqual(ours?.code, 0)
    }
  })

  for (const [name, cap] of ENTITIES)
    it(`${name} with '${cap}' may and may not do the same`, async () => {
      const codes: (number | null)[] = []
      for (const command of COMMANDS) codes.push(await same(['-n', name], command))
      assert.ok(codes.some((code) => code !== 0))
    })

  it('capabilities are accepted and refused in the same words', async () => {
    await same([], ['auth', 'get-or-create', 'client.caps'])
    let refused = 0
    for (const text of CAPS)
      if ((await same([], ['auth', 'caps', 'client.caps', 'mon', text])) !== 0) refused++
    assert.ok(refused > 5 && refused < CAPS.length - 5, `${refused} of ${CAPS.length} refused`)
  })

  it('a session that is open outlives the change of its capabilities and the end of its key, or does not, alike', async () => {
    await same(['-n', 'client.here'], ['config-key', 'set', 'before', 'x'])
    await same([], ['auth', 'caps', 'client.here', 'mon', 'allow r'])
    await same(['-n', 'client.here'], ['config-key', 'set', 'after', 'x'])
    await same([], ['auth', 'rm', 'client.here'])
    await same(['-n', 'client.here'], ['config-key', 'exists', 'before'])
  })

  for (const mode of ['crc', 'secure'])
    it(`a client that speaks only ${mode} gets it, and is refused by a monitor that wants secure as the real one refuses it`, () => {
      const seen = at('ours').log('a').length
      assert.equal(at('ours').ceph(['--ms_mon_client_mode', mode, 'mon', 'stat']).code, 0)
      const stands = at('ours')
        .log('a')
        .slice(seen)
        .split('\n')
        .filter((line) => line.includes('connection stands') && line.includes('incoming=true'))
      assert.ok(stands.length > 0)
      for (const line of stands) assert.match(line, new RegExp(`mode=${mode} revision=1`))
      const [ours, real] = ['ours-secure', 'real-secure'].map((which) =>
        settled(at(which).ceph(['--ms_mon_client_mode', mode, 'mon', 'stat'])),
      )
      assert.deepEqual(ours, real)
      assert.equal(ours?.code === 0, mode === 'secure')
    })

  it('tickets are renewed under a client that stays, and its rights with them', async () => {
    await new Promise((resolve) => setTimeout(resolve, 20_000))
    assert.equal(await same([], ['config-key', 'set', 'later', 'x']), 0)
    assert.match(at('ours').log('a'), /dispatch to auth: MAuth/)
  })
})
