/**
 * A quorum on loopback for tests: each monitor is ours or Debian's own, started and stopped as scripts do it, with
 * v2-only addresses. Everything lives in one temporary folder.
 *
 * `-m ADDRESS` does not hold the stock client at a monitor: it takes the monmap from there and goes to anybody. What
 * must be asked of one monitor goes through stock-client.py, which connects until that monitor has the session.
 */
import { execFileSync, spawnSync } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { type CommandResult, startStockClient, type StockClient } from './stock-client.ts'

export type Implementation = 'ours' | 'real'

export interface QuorumCluster {
  readonly folder: string
  readonly conf: string
  readonly names: readonly string[]
  /** The stock client, against any monitor. */
  readonly ceph: (args: readonly string[], input?: string) => CommandResult
  /** Output of a command that must succeed. */
  readonly ok: (args: readonly string[], input?: string) => string
  /** The same, held at the monitor named. */
  readonly okAt: (mon: string, args: readonly string[]) => Promise<string>
  readonly start: (name: string) => void
  /** Where the monitor listens, or is to listen once it has been added: IP:PORT, as `mon add` takes it. */
  readonly addressOf: (name: string) => string
  /** Makes the store of one more monitor, with the map that the quorum has now. */
  readonly makeFurther: (name: string, as: Implementation) => void
  /** SIGKILL, unless another signal is named. */
  readonly kill: (name: string, signal?: NodeJS.Signals) => void
  readonly log: (name: string) => string
  readonly dataFolder: (name: string) => string
  readonly adminSocket: (name: string) => string
  /** The program that is monitor `name`, or that it is to be now, and what it is started with. */
  readonly program: (name: string, as?: Implementation) => readonly [program: string, args: readonly string[]]
  readonly stop: () => void
}

const OURS = resolve(import.meta.dirname, '../../bin/ceph-mon')
const NAMES = ['a', 'b', 'c', 'd', 'e']
const CLIENT_TIMEOUT_MS = 60_000

const run = (command: string, args: readonly string[]): string =>
  execFileSync(command, args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] })

const output = (args: readonly string[], { code, stdout, stderr }: CommandResult): string => {
  if (code !== 0) throw new Error(`ceph ${args.join(' ')} ended with ${String(code)}: ${stderr}`)
  return stdout
}

/** Makes and starts the monitors; the first address is `port`, which must be below the ephemeral range. */
export const startQuorum = (
  port: number,
  implementations: readonly Implementation[],
  settings: readonly string[] = [],
): QuorumCluster => {
  const cluster = makeQuorum(port, implementations, settings)
  for (const name of cluster.names) cluster.start(name)
  return cluster
}

/** Makes the monitors and does not start them. */
export const makeQuorum = (
  port: number,
  implementations: readonly Implementation[],
  settings: readonly string[] = [],
): QuorumCluster => {
  const folder = mkdtempSync(join(tmpdir(), 'quorum-'))
  const at = (name: string): string => join(folder, name)
  const names = NAMES.slice(0, implementations.length)
  const ipPort = (i: number): string => `127.0.0.1:${port + i}`
  const addr = (i: number): string => `v2:${ipPort(i)}`
  const fsid = randomUUID()
  writeFileSync(
    at('ceph.conf'),
    [
      '[global]',
      `fsid = ${fsid}`,
      `mon host = ${names.map((_, i) => addr(i)).join(' ')}`,
      `keyring = ${at('keyring')}`,
      `run dir = ${folder}`,
      `admin socket = ${folder}/$cluster-$name.asok`,
      `log file = ${folder}/$name.log`,
      `mon data = ${folder}/mon.$id`,
      `pid file = ${folder}/$name.pid`,
      `mon cluster log file = ${folder}/$cluster.log`,
      'ms bind msgr1 = false',
      'setuser match path =',
      'osd pool default size = 1',
      'osd pool default min size = 1',
      'osd crush chooseleaf type = 0',
      'mon allow pool size one = true',
      'mon allow pool delete = true',
      'mon warn on pool no redundancy = false',
      'auth allow insecure global id reclaim = false',
      // The disk of a test machine is nobody's business.
      'mon data avail warn = 1',
      'mon data avail crit = 0',
      ...settings,
      '',
    ].join('\n'),
  )
  run('ceph-authtool', ['-C', at('keyring'), '--gen-key', '-n', 'mon.', '--cap', 'mon', 'allow *'])
  const adminCaps = ['mon', 'osd', 'mds', 'mgr'].flatMap((service) => ['--cap', service, 'allow *'])
  run('ceph-authtool', [at('keyring'), '--gen-key', '-n', 'client.admin', ...adminCaps])
  const addresses = names.flatMap((name, i) => ['--addv', name, addr(i)])
  run('monmaptool', ['--create', '--fsid', fsid, '--set-min-mon-release', '16', ...addresses, at('monmap')])
  const made = new Map(names.map((name, i) => [name, implementations[i]]))
  const program: QuorumCluster['program'] = (name, as = made.get(name)) => [
    as === 'ours' ? OURS : 'ceph-mon',
    ['-c', at('ceph.conf'), '-i', name],
  ]
  const start = (name: string): void => void run(...program(name))
  let client: StockClient | undefined
  const adminSocket = (name: string): string => at(`ceph-mon.${name}.asok`)
  const pidOf = (name: string): number => Number(readFileSync(at(`mon.${name}.pid`), 'utf8'))
  const ceph: QuorumCluster['ceph'] = (args, input) => {
    const done = spawnSync('ceph', ['-c', at('ceph.conf'), '--connect-timeout', '60', ...args], {
      encoding: 'utf8',
      timeout: CLIENT_TIMEOUT_MS,
      ...(input === undefined ? {} : { input }),
    })
    return { code: done.status, stdout: done.stdout, stderr: done.stderr }
  }
  const mkfs = (name: string, monmap: string): void => {
    const [command, base] = program(name)
    run(command, [...base, '--mkfs', '--monmap', monmap, '--keyring', at('keyring')])
  }
  for (const name of names) mkfs(name, at('monmap'))
  return {
    folder,
    conf: at('ceph.conf'),
    names,
    ceph,
    ok: (args, input) => output(args, ceph(args, input)),
    okAt: async (mon, args) => {
      client ??= startStockClient()
      return output(args, await client.run(['-c', at('ceph.conf')], args, adminSocket(mon)))
    },
    start,
    addressOf: (name) => ipPort(NAMES.indexOf(name)),
    makeFurther: (name, as) => {
      made.set(name, as)
      const monmap = at(`monmap.${name}`)
      output(['mon', 'getmap'], ceph(['mon', 'getmap', '-o', monmap]))
      mkfs(name, monmap)
    },
    kill: (name, signal = 'SIGKILL') => {
      process.kill(pidOf(name), signal)
    },
    log: (name) => readFileSync(at(`mon.${name}.log`), 'utf8'),
    dataFolder: (name) => at(`mon.${name}`),
    adminSocket,
    program,
    stop: () => {
      client?.stop()
      for (const name of made.keys())
        try {
          process.kill(pidOf(name), 'SIGKILL')
        } catch {
          // It has ended already.
        }
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

interface QuorumStatus {
  readonly quorum_names: readonly string[]
  readonly quorum_leader_name: string
}

/** Waits until exactly `names` are in the quorum; gives its status. */
export const waitForQuorum = async (
  cluster: QuorumCluster,
  names: readonly string[] = cluster.names,
  timeoutMs = 60_000,
): Promise<QuorumStatus> => {
  const until = Date.now() + timeoutMs
  for (;;) {
    const { code, stdout } = cluster.ceph(['quorum_status'])
    if (code === 0) {
      const status = JSON.parse(stdout) as QuorumStatus
      if (status.quorum_names.join() === names.join()) return status
    }
    if (Date.now() > until) throw new Error(`no quorum of ${names.join()} within ${timeoutMs} ms: ${stdout}`)
    await new Promise((wake) => setTimeout(wake, 300))
  }
}
