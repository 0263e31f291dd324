import * as E from 'fp-ts/lib/Either.js'
import assert from 'node:assert/strict'
import { confValues, parseConfFile } from '../../src/config/conf-file.ts'

const sections = (text: string): Record<string, Record<string, string>> => {
  const conf = parseConfFile(text)
  assert.ok(E.isRight(conf), JSON.stringify(conf))
  return Object.fromEntries([...conf.right].map(([name, keys]) => [name, Object.fromEntries(keys)]))
}

describe('ceph.conf', () => {
  // Checked with ceph-conf 16.2.15 --show-config-value.
  const cases: readonly [string, string, Record<string, Record<string, string>>][] = [
    ['an empty file has no section', '', {}],
    [
      'blanks in a key are one underscore',
      '[global]\n mon   osd full  ratio = .5 \n',
      { global: { mon_osd_full_ratio: '.5' } },
    ],
    [
      'dashes in a key are kept, and so name no option',
      '[global]\nmon-lease = 3\n',
      { global: { 'mon-lease': '3' } },
    ],
    ['comments begin with # or ;', '# a\n[mon] ; b\n ; c\nhost = x # d\n', { mon: { host: 'x' } }],
    ['a backslash keeps a comment sign', '[mon]\nhost = a\\#b\\\\c "x"\n', { mon: { host: 'a#b\\c "x"' } }],
    [
      'a backslash at the end goes on in the next line',
      '[mon]\nhost = a\\\nb\\\n  c\n',
      { mon: { host: 'ab  c' } },
    ],
    ['quotes are taken off', '[mon]\na = "x  y"\nb = \'z\'\n', { mon: { a: 'x  y', b: 'z' } }],
    [
      'the last of equal keys wins, across equal sections',
      '[a]\nx=1\nx=2\n[b]\n[a]\nx = 3\n',
      { a: { x: '3' }, b: {} },
    ],
    ['a value may be empty or hold blanks and =', '[a]\nx =\ny = p q = r\n', { a: { x: '', y: 'p q = r' } }],
    ['one line before any section is global', 'mon lease = 4\n', { global: { mon_lease: '4' } }],
  ]
  for (const [name, text, expected] of cases)
    it(name, () => {
      assert.deepEqual(sections(text), expected)
    })

  const errors: readonly [string, string, string][] = [
    [
      'a last line without its newline',
      '[global]\nmon lease = 7',
      "expected '<empty_line>' in line 2 at position 14",
    ],
    ['a line without =', '[global]\nmon lease\n', "expected '<eoi>' in line 2 at position 1"],
    ['a section that is not closed', '[global\nmon lease = 3\n', 'expected \'"]"\' in line 1 at position 8'],
    [
      'words after a quoted value',
      "[global]\nhost = 'x y'  z\n",
      "expected '<empty_line>' in line 2 at position 13",
    ],
    ['a quote that is not closed', '[a]\nb = "x y\n', 'expected \'"""\' in line 2 at position 9'],
    ['a second line before any section', 'a = 1\nb = 2\n', "expected '<eoi>' in line 2 at position 1"],
  ]
  for (const [name, text, expected] of errors)
    it(`refuses ${name}`, () => {
      assert.deepEqual(parseConfFile(text), E.left(`parse error: ${expected}\n`))
    })

  it('refuses bytes that are not UTF-8, naming the line', () => {
    assert.deepEqual(parseConfFile('[a]\nb = \udcff\n'), E.left('parse error: invalid UTF-8 found at line 2'))
  })

  it('gives a daemon the value of its own section before its type’s and the global one', () => {
    const conf = parseConfFile('[global]\na=1\nb=1\nc=1\n[mon]\nb=2\nc=2\n[mon.a]\nc=3\n')
    assert.ok(E.isRight(conf))
    const values = confValues(conf.right, ['mon.a', 'mon', 'global'])
    assert.deepEqual(Object.fromEntries(values), { a: '1', b: '2', c: '3' })
  })
})
