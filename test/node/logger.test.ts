import * as E from 'fp-ts/lib/Either.js'
import assert from 'node:assert/strict'
import { mkdtempSync, readFileSync, renameSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Options } from '../../src/config/options.ts'
import { loggerOf, logTime } from '../../src/node/logger.ts'

const folder = mkdtempSync(join(tmpdir(), 'logger-'))
const path = join(folder, 'mon.log')

const optionsWith = (settings: Record<string, string>): Options => {
  const identity = { cluster: 'ceph', type: 'mon', id: 'a', host: 'h', pid: 1, home: '/' }
  const all = { log_file: path, err_to_stderr: 'false', ...settings }
  return Options.of(identity).withAll('file', Object.entries(all)).options
}

const lines = (file = path): readonly string[] => readFileSync(file, 'utf8').split('\n').slice(0, -1)
const texts = (): readonly string[] => lines().map((line) => line.split(' ').slice(2).join(' ').trim())

describe('the log', () => {
  beforeEach(() => {
    rmSync(path, { force: true })
  })
  after(() => {
    rmSync(folder, { recursive: true })
  })

  it('writes lines as Ceph does: time, thread, level, text', () => {
    const logger = loggerOf(optionsWith({}))
    logger.log('mon', 1, 'mon.a@0(leader) e1 hello')
    logger.error('it broke')
    logger.close()
    const [first = '', second = ''] = lines()
    assert.match(
      first,
      /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}\+0000 [0-9a-f]{12} {2}1 mon\.a@0\(leader\) e1 hello$/,
    )
    assert.match(second, / -1 it broke$/)
    assert.equal(logTime(0), '1970-01-01T00:00:00.000+0000')
  })

  it('writes up to the first number of a subsystem’s level', () => {
    const logger = loggerOf(optionsWith({ debug_mon: '2/5', debug_paxos: '0' }))
    logger.log('mon', 2, 'two')
    logger.log('mon', 3, 'three')
    logger.log('paxos', 1, 'one')
    logger.log('paxos', 0, 'zero')
    logger.close()
    assert.deepEqual(texts(), ['2 two', '0 zero'])
  })

  it('dumps what was gathered up to the second number', () => {
    const logger = loggerOf(optionsWith({ debug_mon: '0/5', log_max_recent: '3' }))
    for (let i = 1; i <= 9; i++) logger.log('mon', 5, `line ${i}`)
    logger.log('mon', 6, 'too detailed')
    logger.dump()
    logger.close()
    assert.deepEqual(texts().slice(1, -1), ['5 line 7', '5 line 8', '5 line 9'])
  })

  it('goes on in a new file after reopen', () => {
    const logger = loggerOf(optionsWith({}))
    logger.log('mon', 0, 'before')
    renameSync(path, `${path}.1`)
    logger.log('mon', 0, 'between')
    logger.reopen()
    logger.log('mon', 0, 'after')
    logger.close()
    assert.equal(lines(`${path}.1`).length, 2)
    assert.deepEqual(texts(), ['0 after'])
  })

  it('follows options that change at run time', () => {
    const first = optionsWith({ debug_mon: '0' })
    const logger = loggerOf(first)
    logger.log('mon', 5, 'unseen')
    const changed = first.withRuntimeChange('debug_mon', '5')
    assert.ok(E.isRight(changed))
    logger.configure(changed.right)
    logger.log('mon', 5, 'seen')
    logger.close()
    assert.deepEqual(texts(), ['5 seen'])
  })
})
