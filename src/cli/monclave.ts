/** The `monclave` program: for whoever wants to try or watch the monitors. */
import { Command } from 'commander'
import * as E from 'fp-ts/lib/Either.js'
import { writeSync } from 'node:fs'
import { resolve } from 'node:path'
import { askAdminSocket } from '../admin/client.ts'
import { askCluster } from './ask-cluster.ts'
import { findCluster } from './local-cluster.ts'
import { statusOf } from './monitor-process.ts'
import { runCluster } from './run-cluster.ts'

const STDOUT = 1
const STDERR = 2
const DEFAULT_FOLDER = 'cluster'

// Whoever read it may have gone; that must not end what runs.
const write = (text: string, fd = STDOUT): void => {
  E.tryCatch(() => writeSync(fd, `${text}\n`), String)
}

// What is no number becomes NaN, which the command refuses.
const numberOf = (text: string | undefined): number | undefined =>
  text === undefined ? undefined : Number(text)

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
    .action(async ({ dir, monitors, port }: { dir: string; monitors?: string; port?: string }) => {
      finish(
        await runCluster({
          folder: resolve(dir),
          monitors: numberOf(monitors),
          port: numberOf(port),
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
      finish(await askDaemon(socket, words.join(' ')))
    })
  program
    .command('ceph')
    .description(
      'send a command to the quorum, typed as for the stock ceph: monclave ceph osd pool create rbd 8',
    )
    .option('-d, --dir <folder>', 'where the cluster lives', DEFAULT_FOLDER)
    .option('-f, --format <format>', 'json, json-pretty or plain')
    .argument('<command...>', 'for example: status, mon dump, config-key set k v')
    .passThroughOptions()
    .allowUnknownOption()
    .action(async (words: readonly string[], { dir, format }: { dir: string; format?: string }) => {
      const { code, out, err } = await askCluster(resolve(dir), words, format)
      if (err !== '') write(err, STDERR)
      if (out !== '') write(out.trimEnd())
      finish(code)
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

const askDaemon = async (socket: string, prefix: string): Promise<number> => {
  const answer = await askAdminSocket(socket, { prefix, format: 'json-pretty' })()
  if (E.isLeft(answer)) {
    write(`${socket}: ${answer.left.cause.message}`, STDERR)
    return 1
  }
  write(answer.right.toString().trimEnd())
  return answer.right.toString().startsWith('ERROR:') ? 1 : 0
}
