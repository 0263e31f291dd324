/**
 * A monitor of ours and the original live through the same; afterwards their cluster logs must say the same in the
 * same words, to those who ask and in the file.
 *
 * A command is given when the lines of the one before are there, so the order of a channel's lines is certain. What
 * differs on purpose: a line of ours waits for others (mon_client_log_interval), so lines of different channels may
 * stand in another order; our times have no microseconds.
 */
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { wordsOf } from './command-step.ts'
import { normalised } from './normalise.ts'
import { type QuorumCluster, startQuorum, waitForQuorum } from './quorum-cluster.ts'
import { haveCeph } from './real-mon.ts'
import { type CommandResult, startStockClient, type StockClient } from './stock-client.ts'

const OURS_PORT = 22_240
const REAL_PORT = 22_250
const SETTINGS = [
  'paxos propose interval = 0.05',
  'paxos min wait = 0.02',
  'mon client log interval = 0.05',
  'mon mgr mkfs grace = 86400',
  'mon log max summary = 500',
  // A change of health is told at once, however soon it comes after another.
  'mon health log update period = 0',
  '[client]',
  'admin socket =',
  'rados mon op timeout = 20',
]
const LINES_TIMEOUT_MS = 10_000

/** What is done, and the end of the line that comes last. */
const SCENARIO: readonly (readonly [line: string, last: string])[] = [
  ['osd set noout', 'osdmap e2: 0 total, 0 up, 0 in'],
  ['osd unset noout', 'osdmap e3: 0 total, 0 up, 0 in'],
  ['osd pool create mypool 8', 'osdmap e4: 0 total, 0 up, 0 in'],
  ["log hello 'from here'", `cmd='[{"prefix": "log", "logtext": ["hello", "from here"]}]': finished`],
  ['osd pool set mypool pg_num_min 4', 'osdmap e5: 0 total, 0 up, 0 in'],
  ['osd set pause', 'osdmap e6: 0 total, 0 up, 0 in'],
  ['health mute OSDMAP_FLAGS 1h', '"ttl": "1h"}]\': finished'],
  ['osd set noscrub', 'osdmap e7: 0 total, 0 up, 0 in'],
  ['health unmute OSDMAP_FLAGS', '"code": "OSDMAP_FLAGS"}]\': finished'],
  // Refused, so there is no second line.
  ['osd pool set nothing size 3', '"pool": "nothing", "var": "size", "val": "3"}]: dispatch'],
  // Whose text may hold a secret.
  ['config set mon mon_max_pg_per_osd 300', `entity='client.admin' `],
  ['config-key set secret word', `entity='client.admin' `],
  [
    "auth get-or-create client.one mon 'allow r'",
    '"entity": "client.one", "caps": ["mon", "allow r"]}]\': finished',
  ],
  ['tell mon.a mon_status', 'cmd=mon_status args=[]: finished'],
  ['-f json tell mon.a mon_status', 'cmd=mon_status args=[json]: finished'],
  ['osd unset noscrub', 'osdmap e8: 0 total, 0 up, 0 in'],
  ['osd unset pause', 'osdmap e9: 0 total, 0 up, 0 in'],
  ['log bye', `cmd='[{"prefix": "log", "logtext": ["bye"]}]': finished`],
]

const QUESTIONS: readonly string[] = [
  'log last 500 debug cluster',
  'log last 500 debug audit',
  'log last 100 info audit',
  'log last 3',
  "log last 5 warn '*'",
  'log last',
  'log last cluster',
  'log last 2 error',
]

const SEQS: readonly (readonly [RegExp, string])[] = [
  [/(\([a-z]+\.(?:\d+|\?)\)) \d+ :/g, '$1 SEQ :'],
  [/"seq": ?\d+/g, '"seq":SEQ'],
]

const withoutSeqs = (text: string): string =>
  SEQS.reduce((known, [pattern, name]) => known.replaceAll(pattern, name), text)

// How often the quorum was waited for is up to chance, so is how often a tick tells of the managers' map, and how many
// of the questions the log already has.
const isOfScenario = (line: string): boolean => !/quorum_status|mgrmap|"log last\\?"/.test(line)

/** An entry a line, in both forms. */
const entriesOf = (text: string): readonly string[] =>
  text.replaceAll('},{"name"', '},\n{"name"').split('\n').filter(isOfScenario)

describe('the cluster log, beside the original', function () {
  this.timeout(60_000)
  let ours: QuorumCluster
  let real: QuorumCluster
  let client: StockClient

  const ask = (cluster: QuorumCluster, line: string): Promise<CommandResult> =>
    client.run(['-c', cluster.conf], wordsOf(line))

  const fileLines = (cluster: QuorumCluster): readonly string[] =>
    readFileSync(join(cluster.folder, 'ceph.log'), 'utf8').split('\n')

  const waitForLine = async (cluster: QuorumCluster, from: number, end: string): Promise<void> => {
    const until = Date.now() + LINES_TIMEOUT_MS
    while (
      !fileLines(cluster)
        .slice(from)
        .some((line) => line.endsWith(end))
    ) {
      assert.ok(Date.now() < until, `no line '…${end}' after:\n${fileLines(cluster).slice(from).join('\n')}`)
      await new Promise((wake) => setTimeout(wake, 20))
    }
  }

  const live = async (cluster: QuorumCluster): Promise<void> => {
    await waitForQuorum(cluster)
    await waitForLine(cluster, 0, 'mgrmap e1: no daemons active')
    for (const [line, last] of SCENARIO) {
      const from = fileLines(cluster).length - 1
      await ask(cluster, line)
      await waitForLine(cluster, from, last)
    }
  }

  const answer = async (cluster: QuorumCluster, line: string): Promise<unknown> => {
    const { code, stdout, stderr } = normalised(await ask(cluster, line), cluster.folder, 'text')
    return { code, entries: entriesOf(withoutSeqs(stdout)), stderr }
  }

  const channelLines = (cluster: QuorumCluster, channel: string): readonly string[] => {
    const text = fileLines(cluster)
      .filter((line) => line.includes(` : ${channel} [`) && isOfScenario(line))
      .join('\n')
    return withoutSeqs(
      normalised({ code: 0, stdout: text, stderr: '' }, cluster.folder, 'text').stdout,
    ).split('\n')
  }

  before(async function () {
    if (!haveCeph()) this.skip()
    ours = startQuorum(OURS_PORT, ['ours'], SETTINGS)
    real = startQuorum(REAL_PORT, ['real'], SETTINGS)
    client = startStockClient()
    await Promise.all([live(ours), live(real)])
  })

  after(() => {
    client.stop()
    ours.stop()
    real.stop()
  })

  for (const question of QUESTIONS)
    for (const line of [question, `-f json ${question}`])
      it(`ceph ${line}`, async () => {
        assert.deepEqual(await answer(ours, line), await answer(real, line))
      })

  for (const channel of ['', 'cluster', 'audit'])
    it(`the file has the same lines of the channel '${channel}' in the same order`, () => {
      const lines = channelLines(ours, channel)
      assert.ok(lines.length > 0 && lines[0] !== '')
      assert.deepEqual(lines, channelLines(real, channel))
    })

  it('the time of a line is of the length that the original writes', () => {
    const [line = ''] = fileLines(ours)
    assert.match(line, /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}\+0000 mon\.a \(mon\.0\) 0 : {2}\[INF\] mkfs /)
  })
})
