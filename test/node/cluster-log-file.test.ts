import * as E from 'fp-ts/lib/Either.js'
import assert from 'node:assert/strict'
import { mkdtempSync, readFileSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Options } from '../../src/config/options.ts'
import { ClusterLogFile } from '../../src/node/cluster-log-file.ts'

const optionsWith = (entries: Readonly<Record<string, string>>): Options =>
  Object.entries(entries).reduce(
    (options, [name, text]) => {
      const next = options.with('file', name, text)
      assert.ok(E.isRight(next))
      return next.right
    },
    Options.of({ type: 'mon', id: 'a', cluster: 'ceph', host: 'h', pid: 1, home: '/' }),
  )

const folder = (): string => mkdtempSync(join(tmpdir(), 'cluster-log-'))

describe('ClusterLogFile', () => {
  it('writes each channel to its file, lines in order', async () => {
    const at = folder()
    const options = optionsWith({
      mon_cluster_log_file: `default=${at}/$cluster.$channel.log cluster=${at}/main.log`,
    })
    const file = new ClusterLogFile(
      () => options,
      (text) => assert.fail(text),
    )
    for (let i = 0; i < 200; i++) {
      file.write({ channel: 'cluster', level: 'info', line: `c${i}` })
      if (i % 50 === 0) file.write({ channel: 'audit', level: 'debug', line: `a${i}` })
      if (i === 100) await file.close()
    }
    await file.close()
    const lines = (name: string): readonly string[] => readFileSync(join(at, name), 'utf8').trim().split('\n')
    assert.deepEqual(
      lines('main.log'),
      Array.from({ length: 200 }, (_, i) => `c${i}`),
    )
    assert.deepEqual(lines('ceph.audit.log'), ['a0', 'a50', 'a100', 'a150'])
    assert.equal(statSync(join(at, 'main.log')).mode & 0o777, 0o600)
  })

  it('leaves out lines below the level of their channel', async () => {
    const at = folder()
    const options = optionsWith({
      mon_cluster_log_file: join(at, 'all.log'),
      mon_cluster_log_file_level: 'default=debug cluster=warn',
    })
    const file = new ClusterLogFile(
      () => options,
      (text) => assert.fail(text),
    )
    for (const level of ['debug', 'info', 'sec', 'warn', 'error'] as const) {
      file.write({ channel: 'cluster', level, line: `cluster ${level}` })
      file.write({ channel: 'audit', level, line: `audit ${level}` })
    }
    await file.close()
    assert.deepEqual(readFileSync(join(at, 'all.log'), 'utf8').trim().split('\n'), [
      'audit debug',
      'audit info',
      'cluster sec',
      'audit sec',
      'cluster warn',
      'audit warn',
      'cluster error',
      'audit error',
    ])
  })

  it('says why a file cannot be written, and goes on', async () => {
    const options = optionsWith({ mon_cluster_log_file: '/nowhere/at/all.log' })
    const complaints: string[] = []
    const file = new ClusterLogFile(
      () => options,
      (text) => complaints.push(text),
    )
    file.write({ channel: 'cluster', level: 'info', line: 'x' })
    await file.close()
    assert.match(complaints.join(), /'\/nowhere\/at\/all\.log' cannot be written: ENOENT/)
  })

  it('writes nothing when the option says so', async () => {
    const at = folder()
    const options = optionsWith({
      mon_cluster_log_to_file: 'false',
      mon_cluster_log_file: join(at, 'x.log'),
    })
    const file = new ClusterLogFile(
      () => options,
      (text) => assert.fail(text),
    )
    file.write({ channel: 'cluster', level: 'info', line: 'x' })
    await file.close()
    assert.throws(() => statSync(join(at, 'x.log')))
  })
})
