/** The `monclave` program: for whoever wants to try or watch the monitors. */
import { Command } from 'commander'
import * as E from 'fp-ts/lib/Either.js'
import { readFileSync, writeFileSync, writeSync } from 'node:fs'
import { resolve } from 'node:path'
import { parseCephArguments } from './ceph-arguments.ts'
import { askDaemon, cephCommand, DEFAULT_FOLDER, type Said } from './ceph-command.ts'
import { systemError } from '../node/system-error.ts'
import { ERRNO } from '../service/errno.ts'
import { findCluster } from './local-cluster.ts'
import { argumentsOf } from './load-options.ts'
import { statusOf } from './monitor-process.ts'
import { runCluster } from './run-cluster.ts'

const STDOUT = 1
const STDERR = 2
const STDIN = 0

// Whoever read it may have gone; that must not end what runs.
const write = (text: string, fd = STDOUT): void => {
  E.tryCatch(() => writeSync(fd, `${text}\n`), String)
}

// What is no number becomes NaN, which the command refuses.
const numberOf = (text: string | undefined): number | undefined =>
  text === undefined ? undefined : Number(text)

interface RunArguments {
  readonly dir: string
  readonly monitors?: string
  readonly port?: string
  readonly monclaveTrace?: string
}

/** The program; each command gives its exit code to `finish`. */
export const monclave = (finish: (code: number) => void): Command => {
  const program = new Command('monclave')
    .description('Ceph monitors in TypeScript: run them, look at them.')
    .enablePositionalOptions()
  program
    .command('run')
    .description('start a cluster of monitors on this machine and keep it running until Ctrl-C')
    .option('-d, --dir <folder>', 'where the cluster lives', DEFAULT_FOLDER)
    .option('-n, --monitors <number>', 'how many, when the cluster is made (default: 3)')
    .option('-p, --port <port>', 'the first port, when the cluster is made (default: 3300)')
    .option('--monclave-trace <folder>', 'record there what each monitor does, for the conformance check')
    .action(async ({ dir, monitors, port, monclaveTrace }: RunArguments) => {
      finish(
        await runCluster({
          folder: resolve(dir),
          monitors: numberOf(monitors),
          port: numberOf(port),
          traceFolder: monclaveTrace === undefined ? undefined : resolve(monclaveTrace),
          say: write,
        }),
      )
    })
  program
    .command('status')
    .description('what each monitor of a running cluster says of itself')
    .option('-d, --dir <folder>', 'where the cluster lives', DEFAULT_FOLDER)
    .action(async ({ dir }: { dir: string }) => {
      finish(await status(resolve(dir)))
    })
  program
    .command('daemon')
    .description('send a command to one monitor’s admin socket and print the answer')
    .argument('<socket>', 'path of the socket, such as cluster/ceph-mon.a.asok')
    .argument('<command...>', 'for example: mon_status, config show, perf dump')
    .action(async (socket: string, words: readonly string[]) => {
      finish(print(await askDaemon(socket, words)))
    })
  program
    .command('ceph')
    .description(
      'send a command to the quorum, typed as for the stock ceph: monclave ceph osd pool create rbd 8\n' +
        'Options, anywhere among the words: -d FOLDER (of monclave run), -c CONF, -m ADDR, -n NAME, --id ID,\n' +
        '-k KEYRING, -f FORMAT, -i FILE, -o FILE, --connect-timeout SECONDS, -s, -h [WORD…] (lists commands)\n' +
        'Without -d, -c and CEPH_CONF: the cluster in ./cluster, else /etc/ceph/ceph.conf.',
    )
    .argument('[words...]', 'for example: status, mon dump, tell mon.a mon_status, daemon mon.a config show')
    .helpOption(false)
    .passThroughOptions()
    .allowUnknownOption()
    .action(async (words: readonly string[]) => {
      finish(await ceph(words))
    })
  return program
}

const status = async (folder: string): Promise<number> => {
  const cluster = findCluster(folder)
  if (E.isLeft(cluster) || cluster.right === undefined) {
    write(E.isLeft(cluster) ? cluster.left : `there is no cluster in ${folder}`, STDERR)
    return 1
  }
  const { monitors } = cluster.right
  const statuses = await Promise.all(monitors.map(statusOf))
  for (const [i, { name, port }] of monitors.entries()) {
    const one = statuses[i]
    const quorum = one === undefined ? '' : `quorum of ${one.quorum.length}`
    write(`mon.${name}  127.0.0.1:${port}  ${(one?.state ?? 'not running').padEnd(13)} ${quorum}`)
  }
  return statuses.some((one) => (one?.quorum.length ?? 0) > monitors.length / 2) ? 0 : 1
}

const ceph = async (argv: readonly string[]): Promise<number> => {
  const args = parseCephArguments(argumentsOf(process.env, argv))
  if (E.isLeft(args)) {
    write(args.left, STDERR)
    return ERRNO.EINVAL
  }
  const { inFile, outFile } = args.right
  const input = systemError(() =>
    inFile === undefined ? Buffer.alloc(0) : readFileSync(inFile === '-' ? STDIN : inFile),
  )
  if (E.isLeft(input)) {
    write(`Can't open input file ${inFile ?? ''}: ${input.left}`, STDERR)
    return 1
  }
  const said = await cephCommand(args.right, process.env, input.right)
  if (outFile === undefined || outFile === '-') return print(said)
  const written = systemError(() => writeFileSync(outFile, said.out))
  if (E.isRight(written)) return print({ ...said, out: Buffer.alloc(0) })
  write(`Can't open output file ${outFile}: ${written.left}`, STDERR)
  return 1
}

/** What was said, where it belongs; gives the exit code. */
const print = ({ code, out, err }: Said): number => {
  if (err !== '') write(err, STDERR)
  if (out.length > 0) E.tryCatch(() => writeFileSync(STDOUT, out), String)
  return code
}
