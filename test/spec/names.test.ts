/** The table of names is true: every name of an action is in the specification, in the code, or said to be in neither. */
import { deepEqual, ok } from 'node:assert/strict'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { ELECTION_ACTIONS } from '../../conformance/election.ts'
import { PAXOS_ACTIONS } from '../../conformance/paxos.ts'

const ROOT = join(import.meta.dirname, '..', '..')
const read = (...path: readonly string[]): string => readFileSync(join(ROOT, ...path), 'utf8')

/** The first column of the table of actions below a heading. */
const actionsBelow = (heading: string): readonly string[] => {
  const section = read('spec', 'names.md').split(`## ${heading}\n`)[1]?.split('\n\n| variable')[0] ?? ''
  return [...section.matchAll(/^\| `(\w+)`/gm)].map(([, name]) => name ?? '')
}

/** The actions that a module's Next is made of. */
const actionsOf = (module: string): readonly string[] => {
  const next =
    read('spec', module)
      .split(/^Next ==$/m)[1]
      ?.split('\n\n')[0] ?? ''
  return [...next.matchAll(/: (\w+)\(/g)].map(([, name]) => name ?? '')
}

const tagsOf = (folder: string): readonly string[] => [
  ...new Set([...read('src', folder, 'event.ts').matchAll(/_tag: '(\w+)'/g)].map(([, tag]) => tag ?? '')),
]

const missing = (names: readonly string[], from: readonly string[]): readonly string[] =>
  names.filter((name) => !from.includes(name)).sort()

describe('names', () => {
  it('of the election are those of the specification, the code and the traces', () => {
    const named = actionsBelow('The election')
    ok(named.length > 10)
    deepEqual(missing(actionsOf('MonElection.tla'), named), [])
    deepEqual(missing(tagsOf('election'), named), [])
    deepEqual(missing(ELECTION_ACTIONS, named), [])
    deepEqual(missing(named, [...actionsOf('MonElection.tla'), ...tagsOf('election')]), ['LoseMessage'])
  })

  it('of Paxos are those of the specification, the code and the traces', () => {
    const named = actionsBelow('Paxos')
    ok(named.length > 20)
    deepEqual(missing(actionsOf('MonPaxos.tla'), named), [])
    deepEqual(missing(tagsOf('paxos'), named), [])
    deepEqual(missing(PAXOS_ACTIONS, named), [])
    deepEqual(missing(named, [...actionsOf('MonPaxos.tla'), ...tagsOf('paxos')]), [
      'StoreDropped',
      'StoreReplaced',
    ])
  })

  it('of invariants and properties in the configurations are defined', () => {
    for (const file of readdirSync(join(ROOT, 'spec')).filter((name) => name.endsWith('.cfg'))) {
      const module = read('spec', file.replace(/cfg$/, 'tla'))
      const named = (read('spec', file).split(/^INVARIANTS$/m)[1] ?? '').match(/^ {2}\w+$/gm) ?? []
      ok(named.length > 10, file)
      for (const name of named)
        ok(new RegExp(`^${name.trim()} ==`, 'm').test(module), `${file}: ${name.trim()}`)
    }
  })
})
