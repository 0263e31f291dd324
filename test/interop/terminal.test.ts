/** What becomes of a cluster in the foreground when its terminal closes. */
import { execFileSync } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { until } from '../net/loopback.ts'
import { haveCeph } from './real-mon.ts'

const PORT = 25_190
const MONCLAVE = resolve(import.meta.dirname, '../../bin/monclave')
const TERMINAL = join(import.meta.dirname, 'terminal.py')
const MONITORS = ['a', 'b', 'c']
const END_MS_MAX = 20_000

/** Whatever a failure has left running. */
const endAll = (cluster: string): void => {
  for (const name of MONITORS)
    try {
      process.kill(Number(readFileSync(join(cluster, `mon.${name}.pid`), 'utf8')), 'SIGKILL')
    } catch {
      // It has ended, as it should.
    }
}

describe('a cluster whose terminal closes', function () {
  this.timeout(60_000)

  for (const leader of ['shell', 'deaf'])
    it(`ends in good order, under a ${leader} leader of the terminal`, async function () {
      if (!haveCeph()) this.skip()
      const folder = mkdtempSync(join(tmpdir(), 'terminal-'))
      try {
        const command = [MONCLAVE, 'run', '--dir', join(folder, 'cluster'), '--port', String(PORT)]
        const pid = execFileSync('/usr/bin/python3', [TERMINAL, leader, 'Ctrl-C stops', ...command], {
          encoding: 'utf8',
        }).trim()
        const log = (name: string): string => readFileSync(join(folder, 'cluster', `mon.${name}.log`), 'utf8')
        const hasEnded = (name: string): boolean => log(name).includes('ended: shutdown requested')
        await until(() => MONITORS.every(hasEnded), 'the end of every monitor', END_MS_MAX)
        await until(() => !existsSync(`/proc/${pid}`), 'the end of the program', END_MS_MAX)
      } finally {
        endAll(join(folder, 'cluster'))
        rmSync(folder, { recursive: true, force: true })
      }
    })
})
