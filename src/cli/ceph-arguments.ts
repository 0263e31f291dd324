/**
 * The command line of `monclave ceph`: the stock program's own options, which may stand anywhere, and the words of
 * the command, which keep every option that is not one of them.
 *
 * Source: ceph src/ceph.in parse_cmdargs, and what librados takes from a command line.
 */
import * as E from 'fp-ts/lib/Either.js'

export interface CephArguments {
  /** Where `monclave run` keeps a cluster; its ceph.conf is used. */
  readonly folder?: string
  readonly conf?: string
  readonly cluster?: string
  /** `client.admin` without its type. */
  readonly id?: string
  readonly keyring?: string
  readonly monHost?: string
  readonly format?: string
  /** `-` is standard input, or output. */
  readonly inFile?: string
  readonly outFile?: string
  readonly connectTimeoutS?: number
  /** A UNIX socket to ask instead of the quorum. */
  readonly adminSocket?: string
  readonly help: boolean
  readonly words: readonly string[]
}

type Field = Exclude<keyof CephArguments, 'help' | 'words' | 'connectTimeoutS'> | 'connectTimeout' | 'name'

const FIELDS: ReadonlyMap<string, Field> = new Map([
  ['-d', 'folder'],
  ['--dir', 'folder'],
  ['-c', 'conf'],
  ['--conf', 'conf'],
  ['--cluster', 'cluster'],
  ['--id', 'id'],
  ['--user', 'id'],
  ['-n', 'name'],
  ['--name', 'name'],
  ['-k', 'keyring'],
  ['--keyring', 'keyring'],
  ['-m', 'monHost'],
  ['--mon-host', 'monHost'],
  ['-f', 'format'],
  ['--format', 'format'],
  ['-i', 'inFile'],
  ['--in-file', 'inFile'],
  ['-o', 'outFile'],
  ['--out-file', 'outFile'],
  ['--connect-timeout', 'connectTimeout'],
  ['--admin-daemon', 'adminSocket'],
])

const FORMATS: readonly string[] = ['json', 'json-pretty', 'xml', 'xml-pretty', 'plain', 'yaml']

/** Errors: a sentence. */
export const parseCephArguments = (argv: readonly string[]): E.Either<string, CephArguments> => {
  let result: CephArguments = { help: false, words: [] }
  for (let at = 0; at < argv.length; at++) {
    const arg = argv[at] ?? ''
    const equals = arg.startsWith('--') ? arg.indexOf('=') : -1
    const field = FIELDS.get(equals < 0 ? arg : arg.slice(0, equals))
    if (field !== undefined) {
      const value = equals < 0 ? argv[++at] : arg.slice(equals + 1)
      if (value === undefined) return E.left(`${arg} needs a value`)
      const next = withField(result, field, value)
      if (E.isLeft(next)) return next
      result = next.right
    } else if (arg === '-h' || arg === '--help') result = { ...result, help: true }
    else if (arg === '-s' || arg === '--status') result = { ...result, words: [...result.words, 'status'] }
    else result = { ...result, words: [...result.words, arg] }
  }
  return E.right(result)
}

const withField = (result: CephArguments, field: Field, value: string): E.Either<string, CephArguments> => {
  switch (field) {
    case 'name':
      return /^client\../.test(value)
        ? E.right({ ...result, id: value.slice('client.'.length) })
        : E.left(`error parsing '${value}': expected string of the form TYPE.ID, TYPE being client`)
    case 'connectTimeout': {
      const seconds = Number(value)
      return seconds > 0
        ? E.right({ ...result, connectTimeoutS: seconds })
        : E.left(`--connect-timeout ${value}: no time`)
    }
    case 'format':
      return FORMATS.includes(value)
        ? E.right({ ...result, format: value })
        : E.left(`--format ${value}: choose from ${FORMATS.join(', ')}`)
    default:
      return E.right({ ...result, [field]: value })
  }
}
