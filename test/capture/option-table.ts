/**
 * Writes src/config/options.json: the facts of every option of a running ceph-mon, and nothing of its texts.
 *
 *   node --import=tsx test/capture/option-table.ts /path/to/ceph-mon.a.asok > src/config/options.json
 *
 * The table in the repository is of ceph-mon 16.2.15 (Debian 16.2.15+ds). `config help` knows all options but the
 * debug levels of subsystems; those come from `config show` of a monitor that sets none of them. Which options are
 * observed it only says when they are set, so each is set to the value that it has.
 */
import { pipe } from 'fp-ts/lib/function.js'
import * as TE from 'fp-ts/lib/TaskEither.js'
import { askAdminSocket } from '../../src/admin/client.ts'

const [socket = ''] = process.argv.slice(2)

const askText = (request: Record<string, unknown>): Promise<string> =>
  pipe(
    askAdminSocket(socket, request),
    TE.match(
      (error) => {
        throw error.cause
      },
      (payload) => payload.toString(),
    ),
  )()

const ask = async (request: Record<string, unknown>): Promise<unknown> => JSON.parse(await askText(request))

interface Help {
  readonly options: readonly (Record<string, unknown> & { readonly name: string })[]
}

/** Names of the options that something in the monitor watches. What may not be set is not watched. */
const observedAmong = async (values: Readonly<Record<string, string>>): Promise<ReadonlySet<string>> => {
  const observed = new Set<string>()
  for (const [name, value] of Object.entries(values)) {
    const answer = await askText({ prefix: 'config set', var: name, val: [value] })
    if (answer.includes(`"success": "${name} = `) && !answer.includes('(not observed')) observed.add(name)
  }
  return observed
}

// Values become text: some are larger than a JSON number can say. What is empty or false is left out.
const row = (option: Record<string, unknown>, isObserved: boolean): string => {
  const fact = (key: string): unknown => {
    const value = option[key]
    if (value === '' || value === false || value === undefined) return undefined
    return Array.isArray(value) ? (value.length === 0 ? undefined : value) : value
  }
  const text = (key: string): string | undefined => {
    const value = option[key]
    return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean'
      ? String(value) || undefined
      : undefined
  }
  return JSON.stringify({
    name: option['name'],
    type: option['type'],
    level: option['level'],
    default: text('default'),
    daemonDefault: text('daemon_default'),
    min: text('min'),
    max: text('max'),
    enumValues: fact('enum_values'),
    flags: fact('flags'),
    services: fact('services'),
    tags: fact('tags'),
    seeAlso: fact('see_also'),
    runtime: fact('can_update_at_runtime'),
    observed: isObserved || undefined,
  })
}

// A 64-bit number would lose digits in JSON.parse; the one that does is written by hand in the original as -10.
const UINT64_ROUNDED = '18446744073709552000'
const UINT64_MINUS_10 = '18446744073709551606'

const help = (await ask({ prefix: 'config help' })) as Help
const shown = (await ask({ prefix: 'config show' })) as Record<string, string>
const observed = await observedAmong(shown)
const known = new Set(help.options.map((option) => option.name))
const subsystems = Object.keys(shown)
  .filter((name) => name.startsWith('debug_') && !known.has(name))
  .map((name) =>
    JSON.stringify({
      name,
      type: 'str',
      level: 'advanced',
      default: shown[name],
      flags: ['runtime'],
      runtime: true,
      subsystem: true,
    }),
  )
const rows = [...help.options.map((option) => row(option, observed.has(option.name))), ...subsystems].map(
  (line) => line.replace(UINT64_ROUNDED, UINT64_MINUS_10),
)
process.stdout.write(`[\n${rows.join(',\n')}\n]\n`)
