/**
 * The rules of style that no linter knows: sizes, banned calls with what to use instead, and text that has no
 * place in the project.
 */
import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'

const FILE_LINES_MAX = 400

// What git would commit: tracked or new, not ignored, still there.
const projectFiles = (): readonly string[] =>
  execFileSync('git', ['ls-files', '--cached', '--others', '--exclude-standard', '--deduplicate', '-z'], {
    maxBuffer: 64 << 20,
  })
    .toString()
    .split('\0')
    .filter((path) => path !== '')
    .filter((path) => !deleted().has(path))

const deleted = (): ReadonlySet<string> =>
  new Set(execFileSync('git', ['ls-files', '--deleted', '-z']).toString().split('\0'))

const SOURCE = /^(src|test|conformance|spec)\/.*\.(ts|mjs|cjs)$/
const TEXT = /\.(ts|mjs|cjs|js|json|md|yml|yaml|tla|cfg|sh)$|^(Makefile|\.ci\/.*|bin\/.*)$/

const files = projectFiles()
const textOfFile = new Map(
  files.filter((path) => TEXT.test(path)).map((path) => [path, readFileSync(path, 'utf8')]),
)
const sources = [...textOfFile].filter(([path]) => SOURCE.test(path))

interface Ban {
  readonly pattern: RegExp
  readonly instead: string
  /** Files of src/ in which it is allowed. */
  readonly allowed: RegExp
}

const SHELL = /^src\/(node|net|admin|cli)\//
const BANS: readonly Ban[] = [
  { pattern: /\bsetTimeout\(|\bsetInterval\(/, instead: 'node/timer.ts', allowed: SHELL },
  { pattern: /\bsetImmediate\(|\bqueueMicrotask\(/, instead: 'an effect', allowed: SHELL },
  { pattern: /\bnew Date\(\)/, instead: 'the `now` of the event', allowed: /^src\/(node|cli)\// },
  {
    pattern: /\bprocess\.(env|argv|exit|hrtime|pid)\b/,
    instead: 'a parameter',
    allowed: /^src\/(node|cli)\//,
  },
  {
    pattern: /\bthrow\s/,
    instead: 'a Left, or an assertion of base/assert.ts',
    allowed: /^src\/base\/assert\.ts$/,
  },
  { pattern: /\bas any\b|: any\b|<any>/, instead: 'unknown and a guard', allowed: /^$/ },
  { pattern: /@ts-(ignore|nocheck|expect-error)/, instead: 'the right type', allowed: /^$/ },
  { pattern: /\b(TODO|FIXME|XXX)\b/, instead: 'doing it', allowed: /^$/ },
]

const withoutComments = (text: string): string =>
  text
    .replace(/\/\*[\s\S]*?\*\//g, (comment) => comment.replace(/[^\n]/g, ' '))
    .replace(/(^|\s)\/\/.*$/gm, '$1')

const offences = (ban: Ban): readonly string[] =>
  sources
    .filter(([path]) => path.startsWith('src/') && !ban.allowed.test(path))
    .flatMap(([path, text]) => {
      const code = /TODO|@ts/.test(ban.pattern.source) ? text : withoutComments(text)
      return code
        .split('\n')
        .flatMap((line, i) => (ban.pattern.test(line) ? [`${path}:${i + 1} ${line.trim()}`] : []))
    })

describe('tidy', () => {
  it(`no source file is longer than ${FILE_LINES_MAX} lines`, () => {
    const long = sources
      .map(([path, text]) => [path, text.split('\n').length - 1] as const)
      .filter(([, lines]) => lines > FILE_LINES_MAX)
    assert.deepEqual(long, [])
  })

  it('no file names a place of the machine it was written on', () => {
    const place = new RegExp(['', 'work', ''].join('/') + '|' + ['', 'root', ''].join('/'))
    const named = [...textOfFile].flatMap(([path, text]) =>
      text.split('\n').flatMap((line, i) => (place.test(line) ? [`${path}:${i + 1} ${line.trim()}`] : [])),
    )
    assert.deepEqual(named, [])
  })

  for (const ban of BANS)
    it(`${ban.pattern.source} is used only where it may be; elsewhere: ${ban.instead}`, () => {
      assert.deepEqual(offences(ban), [])
    })

  it('every module of src opens with what it is for, unless its one export says it', () => {
    const silent = sources
      .filter(([path]) => path.startsWith('src/'))
      .filter(([, text]) => !text.includes('/**'))
      .map(([path]) => path)
    assert.deepEqual(silent, [])
  })

  it('file names are kebab-case', () => {
    const name = /(^|\/)[a-z0-9]+(-[a-z0-9]+)*(\.[a-z]+)*\.ts$/
    assert.deepEqual(
      sources.map(([path]) => path).filter((path) => path.endsWith('.ts') && !name.test(path)),
      [],
    )
  })

  it('no file gathers other files or odds and ends', () => {
    const bag = /(^|\/)(index|utils?|common|helpers?|misc)\.ts$/
    assert.deepEqual(
      sources.map(([path]) => path).filter((path) => bag.test(path)),
      [],
    )
  })
})
