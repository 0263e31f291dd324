/** Commands as no client would write them: known prefixes whose arguments are of the wrong type, size or kind. */
import { MON_COMMANDS } from '../../src/monitor/command-table.ts'
import { parseSignature, type Parameter, type Signature } from '../../src/service/command-signature.ts'
import { TELL_COMMAND_TABLE } from '../../src/service/command-table.ts'
import type { Random } from '../paxos/random.ts'

const signaturesOf = (table: readonly { readonly command: string }[]): readonly Signature[] =>
  table.map(({ command }) => parseSignature(command))

export const MON_SIGNATURES = signaturesOf(MON_COMMANDS)
export const TELL_SIGNATURES = signaturesOf(TELL_COMMAND_TABLE)

const WORDS = [
  ...[
    'a',
    'mypool',
    'rbd',
    'client.admin',
    'client.x',
    'osd.0',
    'mon.a',
    'mds.a',
    'c',
    'host',
    'default',
    'all',
    '*',
  ],
  ...[
    '0',
    '1',
    '-1',
    '4294967296',
    '18446744073709551616',
    '1e308',
    '0x10',
    '3.1',
    '1.0',
    'true',
    'false',
    'NaN',
  ],
  ...[
    'root=default',
    'host=a',
    'k=2',
    'plugin=jerasure',
    'crush-failure-domain=osd',
    'hdd',
    'osd/host:a',
    'global',
  ],
  ...[
    'allow r',
    'allow *',
    'profile rbd',
    'mon',
    'allow command "x" with a regex "("',
    'size',
    'pg_num',
    '128',
  ],
  ...[
    'v2:127.0.0.1:3300',
    '[::1]:0',
    '127.0.0.1',
    '10.0.0.0/8',
    '00000000-0000-0000-0000-000000000000',
    '../..',
  ],
  ...[
    'replicated_rule',
    'erasure',
    'replicated',
    'nautilus',
    'pacific',
    'debug_mon',
    'auth_supported',
    '20/20',
  ],
  ...['--force', '--yes-i-really-mean-it', '--yes-i-really-really-mean-it', '{"a":1}', "{'0':99999999999}"],
  ...[
    '\u0000',
    '\ud800',
    '\udfff\ud800',
    '\u001b[2J',
    '__proto__',
    'constructor',
    'toString',
    '',
    '   ',
    '\n',
    'é',
  ],
  ...['x'.repeat(5000), '['.repeat(60), '.'.repeat(300), '%s%n', '$name', '$(x)', '"', '\\'],
]

const scalars: readonly ((random: Random) => unknown)[] = [
  (random) => random.pick(WORDS),
  (random) => random.below(10),
  (random) => random.pick([-1, -0.5, 0.5, 300, 2 ** 31, 2 ** 32, 2 ** 53, 1e30, 1e308, -1e308]),
  (random) =>
    random.pick<unknown>([
      true,
      false,
      null,
      {},
      [],
      [[]],
      { length: 3 },
      [null, {}, []],
      { constructor: 1 },
    ]),
  (random) => Array.from({ length: random.below(5) }, () => random.pick(WORDS)),
  (random) => Array.from({ length: random.below(5) }, () => random.below(9)),
]

const argument = (random: Random, parameter: Parameter): unknown => {
  if (random.chance(0.2)) return random.pick(scalars)(random)
  if (!parameter.has('n')) return fitting(random, parameter)
  return Array.from({ length: random.below(4) }, () => fitting(random, parameter))
}

// Of the right type as a rule, so that it gets further than the check of types.
const fitting = (random: Random, parameter: Parameter): unknown => {
  switch (parameter.get('type')) {
    case 'CephChoices':
      return random.pick((parameter.get('strings') ?? '').split('|'))
    case 'CephInt':
      return random.pick([0, 1, 2, 8, 128, -1, 2 ** 31 - 1, 2 ** 31, 2 ** 32, 2 ** 53])
    case 'CephFloat':
      return random.pick([0, 1, 0.5, -1, 1e30, 1e-30])
    case 'CephBool':
      return random.pick([true, false])
    case 'CephPoolname':
      return random.pick(['mypool', 'rbd', 'x'])
    case 'CephOsdName':
      return random.pick(['osd.0', 'osd.1', 0, 1, 'any'])
    default:
      return random.pick(WORDS)
  }
}

/** One command as JSON text; `deepest` nests, `doubled` repeats keys. */
export const hostileCommand = (random: Random, signatures: readonly Signature[]): string => {
  const { prefix, parts } = random.pick(signatures)
  const args = parts.flatMap((part): readonly (readonly [string, unknown])[] => {
    if (typeof part === 'string' || random.chance(part.get('req') === 'false' ? 0.5 : 0.05)) return []
    return [[part.get('name') ?? '', argument(random, part)]]
  })
  const more: (readonly [string, unknown])[] = []
  if (random.chance(0.1)) more.push(['format', random.pick(['json', 'json-pretty', 'xml', 7, null])])
  if (random.chance(0.05)) more.push(['__proto__', random.pick([null, 1, { prefix: 'x' }])])
  if (random.chance(0.05)) more.push(...args)
  const fields = [['prefix', prefix] as const, ...args, ...more]
  const text = fields.map(([name, value]) => `${JSON.stringify(name)}:${JSON.stringify(value)}`).join(',')
  return `{${text}}`
}

/** Texts that are not commands, or hardly. */
export const HOSTILE_TEXTS: readonly string[] = [
  ...[
    '',
    ' ',
    'null',
    'true',
    '0',
    '"x"',
    '[]',
    '{}',
    '[{}]',
    '{"prefix":null}',
    '{"prefix":""}',
    '{"prefix":[]}',
  ],
  ...['{"prefix":"mon stat"', '{"prefix":"mon stat"}}', '{"prefix":"mon stat",}', "{'prefix':'mon stat'}"],
  ...[
    '{"prefix":"mon stat","prefix":"osd stat"}',
    '{"prefix":"x","prefix":7}',
    '{"__proto__":{"prefix":"mon stat"}}',
  ],
  ...['{"prefix":"__proto__"}', '{"prefix":"constructor"}', '{"prefix":"toString"}', '{"prefix":"\\ud800"}'],
  ...[
    '{"prefix":"mon stat\\u0000"}',
    '{"prefix":"mon stat","\\udc80\\ud800":1}',
    '{"prefix":"\u0007"}',
    '\ufeff{}',
  ],
  ...[
    '{"prefix":"mon stat","x":1e999}',
    '{"prefix":"mon stat","x":-0}',
    `{"prefix":"osd out","ids":[${'9,'.repeat(1000)}9]}`,
  ],
  '['.repeat(100_000),
  '{"a":'.repeat(100_000),
  `{"prefix":"mon stat","x":${'['.repeat(60)}${']'.repeat(60)}}`,
  `{"prefix":"${'x'.repeat(1_000_000)}"}`,
  `{"prefix":"${'x'.repeat(20_000_000)}"}`,
  `{"prefix":"osd out","ids":[${Array.from({ length: 100_000 }, (_, i) => `"${i}"`).join()}]}`,
  `{"prefix":"config-key set","key":"${'k'.repeat(100_000)}","val":"${'v'.repeat(1_000_000)}"}`,
  `{"prefix":"mon stat",${Array.from({ length: 80_000 }, (_, i) => `"k${i}":{}`).join()}}`,
  `{"prefix":"auth get-or-create","entity":"client.x","caps":[${Array.from({ length: 60_000 }, () => '"mon","allow r"').join()}]}`,
  `{"prefix":"auth get-or-create","entity":"client.y","caps":["mon","${'allow r,'.repeat(50_000)}allow r"]}`,
  `{"prefix":"log","logtext":[${Array.from({ length: 100_000 }, () => '"\\n"').join()}]}`,
]
