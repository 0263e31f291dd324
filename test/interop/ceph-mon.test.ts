/** Our `ceph-mon` program beside the real one: same folders, same exit codes, same words. Needs `make build`. */
import * as E from 'fp-ts/lib/Either.js'
import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { askAdminSocket } from '../../src/admin/client.ts'
import { openRocksKv } from '../../src/store/rocks-kv.ts'
import { haveCeph } from './real-mon.ts'

const PORT = Number(process.env['INTEROP_PORT'] ?? 21400) + 40
const OURS = 'bin/ceph-mon'
const REAL = 'ceph-mon'

const folder = mkdtempSync(join(tmpdir(), 'ceph-mon-'))
const at = (...names: readonly string[]): string => join(folder, ...names)
const conf = at('ceph.conf')

interface Ended {
  readonly code: number | null
  /** Without the time and the thread that begin a line. */
  readonly text: string
}

const run = (program: string, ...args: readonly string[]): Ended => {
  const { status, stdout, stderr } = spawnSync(program, args, { encoding: 'utf8', timeout: 30_000 })
  return { code: status, text: (stdout + stderr).replace(/^\d{4}-\S+ [0-9a-f]+ /gm, '') }
}

// The real one may exit before its log thread has said anything; then it is asked again.
const heard = (program: string, args: readonly string[]): Ended => {
  let ended = run(program, ...args)
  for (let tries = 1; tries < 5 && ended.text === ''; tries++) ended = run(program, ...args)
  return ended
}

const entriesOf = async (path: string): Promise<ReadonlyMap<string, string>> => {
  const kv = await openRocksKv(path, { create: false })()
  assert.ok(E.isRight(kv), JSON.stringify(kv))
  const entries = await kv.right.readAll()
  assert.ok(E.isRight(entries))
  await kv.right.close()
  return new Map(entries.right.map(([key, value]) => [key, value.toString('hex')]))
}

const until = async (what: string, holds: () => Promise<boolean> | boolean): Promise<void> => {
  for (let tries = 0; tries < 150; tries++) {
    if (await holds()) return
    await new Promise((resolve) => setTimeout(resolve, 200))
  }
  assert.fail(`still not: ${what}`)
}

const leads = async (name: string): Promise<boolean> => {
  const answer = await askAdminSocket(at(`ceph-mon.${name}.asok`), { prefix: 'mon_status' })()
  return E.isRight(answer) && answer.right.includes('"state": "leader"')
}

const stop = async (name: string): Promise<void> => {
  const pid = Number(readFileSync(at(`mon.${name}.pid`), 'utf8'))
  process.kill(pid, 'SIGTERM')
  await until(`mon.${name} has ended`, () => !existsSync(at(`mon.${name}.pid`)))
}

describe('ceph-mon beside the real one', function () {
  this.timeout(60_000)

  before(function () {
    if (!haveCeph()) this.skip()
    assert.ok(existsSync('dist/cli/ceph-mon-main.js'), 'run `make build` first')
    const fsid = randomUUID()
    const addr = `[v2:127.0.0.1:${PORT}]`
    const lines = [
      '[global]',
      `fsid = ${fsid}`,
      `mon host = ${addr}`,
      `run dir = ${folder}`,
      `admin socket = ${folder}/$cluster-$name.asok`,
      `log file = ${folder}/$name.log`,
      `mon data = ${folder}/mon.$id`,
      `pid file = ${folder}/$name.pid`,
      'setuser match path =',
    ]
    writeFileSync(conf, `${lines.join('\n')}\n`)
    const entity = (name: string, ...options: readonly string[]): void => {
      const made = run(
        'ceph-authtool',
        at('keyring'),
        ...options,
        '--gen-key',
        '-n',
        name,
        '--cap',
        'mon',
        'allow *',
      )
      assert.equal(made.code, 0, made.text)
    }
    entity('mon.', '-C')
    entity('client.admin')
    assert.equal(run('monmaptool', '--create', '--fsid', fsid, '--addv', 'a', addr, at('monmap')).code, 0)
  })

  after(() => {
    rmSync(folder, { recursive: true })
  })

  const mkfs = (program: string, data: string): Ended =>
    run(
      program,
      ...['--mkfs', '-i', 'a', '-c', conf, '--mon-data', data],
      ...['--monmap', at('monmap'), '--keyring', at('keyring')],
    )

  it('makes the same folder, byte for byte', async () => {
    assert.deepEqual(mkfs(OURS, at('ours')), { code: 0, text: '' })
    assert.deepEqual(mkfs(REAL, at('real')), { code: 0, text: '' })
    assert.deepEqual(await entriesOf(at('ours', 'store.db')), await entriesOf(at('real', 'store.db')))
    for (const file of ['keyring', 'kv_backend']) {
      assert.equal(readFileSync(at('ours', file), 'utf8'), readFileSync(at('real', file), 'utf8'))
      assert.equal(statSync(at('ours', file)).mode, statSync(at('real', file)).mode)
    }
  })

  it('makes one where no more is written yet than which store it is to be', () => {
    for (const [i, program] of [OURS, REAL].entries()) {
      const data = at(`named-${i}`)
      mkdirSync(data)
      writeFileSync(join(data, 'kv_backend'), 'rocksdb')
      assert.deepEqual(mkfs(program, data), { code: 0, text: '' })
      assert.ok(existsSync(join(data, 'store.db', 'CURRENT')))
    }
  })

  it('ends with the same code and says the same', () => {
    mkdirSync(at('empty'))
    const cases: readonly (readonly string[])[] = [
      [],
      ['--version'],
      ['-c', conf, '-i', 'x'],
      ['-c', conf, '-i', 'x', '--mon-data', at('empty')],
      ['-c', conf, '-i', 'x', '--bogus'],
      ['-c', conf, '-i', 'x', 'a', 'b'],
      ['-c', conf, '-i'],
      ['-c', '/nonexistent', '-i', 'x'],
      ['-c', conf, '-i', 'x', '--show-config-value', 'mon_lease', '--mon-lease', '7'],
      ['-c', conf, '-i', 'x', '--show-config-value', 'debug_mon', '--debug_mon', '20/5'],
      ['-c', conf, '-i', 'x', '--show-config-value', 'nosuch'],
      ['-c', conf, '-i', 'x', '--show-config-value', 'mon_lease', '--mon-lease', 'long'],
      ['-c', conf, '-i', 'x', '--inject-monmap'],
      ['-c', conf, '-i', 'x', '--force-sync'],
      ['-c', conf, '-i', 'x', '--mkfs', '--mon-data', at('ours')],
      ['-c', conf, '-i', 'x', '--mkfs', '--mon-data', at('no', 'parent')],
      ['-c', conf, '-i', 'x', '--mkfs', '--mon-data', at('empty'), '--monmap', '/nonexistent'],
      ['-c', conf, '-i', 'a', '--mon-data', at('ours'), '--inject-monmap', '/nonexistent'],
    ]
    for (const args of cases) {
      const [ours, real] = [run(OURS, ...args), heard(REAL, args)]
      assert.notEqual(ours.text, '')
      // What the real one never said cannot be compared.
      assert.deepEqual(ours, real.text === '' ? { ...real, text: ours.text } : real, args.join(' '))
    }
  })

  it('shows every option as the real one does, and its own two', () => {
    const args = ['-c', conf, '-i', 'x', '--show-config']
    const [ours, real] = [run(OURS, ...args), run(REAL, ...args)]
    assert.equal(ours.code, 0)
    const own = ours.text.split('\n').filter((line) => !line.startsWith('monclave_'))
    assert.deepEqual(own, real.text.split('\n'))
  })

  it('knows whom it shall run as', () => {
    const nobody = run(OURS, '-c', conf, '-i', 'x', '--mkfs', '--setuser', 'nosuchuser')
    assert.equal(nobody.code, 1)
    assert.match(nobody.text, /unable to look up user 'nosuchuser'|ignoring --setuser nosuchuser/)
  })

  it('needs an fsid, as the real one does', () => {
    writeFileSync(at('bare.conf'), `[global]\nmon host = v2:127.0.0.1:${PORT}\nlog file =\n`)
    const args = ['-c', at('bare.conf'), '-i', 'x', '--mkfs', '--mon-data', at('nofsid')]
    const [ours, real] = [run(OURS, ...args), heard(REAL, args)]
    assert.equal(ours.code, 10)
    assert.deepEqual(ours, real)
  })

  it('takes monmaps out of folders of both, and puts one into them as the real one does', async () => {
    for (const program of [OURS, REAL])
      for (const data of ['ours', 'real']) {
        const args = ['-c', conf, '-i', 'a', '--mon-data', at(data), '--extract-monmap', at('extracted')]
        assert.deepEqual(run(program, ...args), {
          code: 0,
          text: `-1 wrote monmap to ${at('extracted')}\n\n`,
        })
        assert.deepEqual(readFileSync(at('extracted')), readFileSync(at('monmap')), `${program} ${data}`)
      }
    for (const [program, data] of [
      [OURS, 'ours'],
      [REAL, 'real'],
    ] as const) {
      cpSync(at(data), at(`${data}-injected`), { recursive: true })
      const args = [
        '-c',
        conf,
        '-i',
        'a',
        '--mon-data',
        at(`${data}-injected`),
        '--inject-monmap',
        at('monmap'),
      ]
      assert.equal(run(program, ...args).code, 0)
    }
    assert.deepEqual(
      await entriesOf(at('ours-injected', 'store.db')),
      await entriesOf(at('real-injected', 'store.db')),
    )
  })

  for (const [program, data, what] of [
    [REAL, 'ours', 'the real one runs on a folder that ours made'],
    [OURS, 'real', 'ours runs on a folder that the real one made'],
    [REAL, 'real', 'the real one runs on it again after ours'],
    [OURS, 'ours', 'ours runs on the other one after the real one'],
  ] as const)
    it(`${what}, in the background, and ends at SIGTERM`, async () => {
      const started = run(program, '-c', conf, '-i', 'a', '--mon-data', at(data))
      assert.deepEqual(started, { code: 0, text: '' })
      assert.ok(existsSync(at('mon.a.pid')))
      try {
        await until('it leads', () => leads('a'))
        const second = run(OURS, '-c', conf, '-i', 'a', '--mon-data', at(data), '--extract-monmap', at('no'))
        assert.equal(second.code, 1)
        assert.match(second.text, /error opening mon data directory at/)
      } finally {
        await stop('a')
      }
      assert.equal(existsSync(at('ceph-mon.a.asok')), false)
    })
})
