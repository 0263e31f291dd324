/**
 * What a graph of the whole cluster says of one monitor's modes: the arrows `mode -action-> mode`.
 *
 * They are compared with the arrows of the statecharts (chart.ts), both ways: a mode change that only one of the two
 * has is named.
 */
import type { TextGraph } from './graph.ts'

const modeOf = (line: string): string => line.slice(0, line.indexOf(' '))

/** The part of a state's text that is the monitor's own: mode, epochs but the disk's, votes, quorum. */
const ownPart = (line: string): string =>
  line.replace(/ \|.*$/, '').replace(/^(\w+ \d+\/\d+)\/\d+/, (_, own: string) => own)

/** Calls `visit` for every edge of a graph: the lines of the two states, and the action. */
const eachEdge = (
  graph: TextGraph,
  visit: (before: readonly string[], action: string, after: readonly string[]) => void,
): void => {
  for (const [text, edges] of graph) {
    const before = text.split('\n')
    for (const edge of edges) {
      const tab = edge.indexOf('\t')
      visit(before, edge.slice(0, tab), edge.slice(tab + 1).split('\n'))
    }
  }
}

/**
 * The arrows of an election's graph of `size` monitors whose texts are those of election-text.ts.
 *
 * An arrow is there when some monitor's own record changes along some edge with that action. Changes of the store
 * and of the network alone are not a monitor's doing and give no arrow.
 */
export const electionModeArrows = (graph: TextGraph, size: number): ReadonlySet<string> => {
  const arrows = new Set<string>()
  eachEdge(graph, (before, action, after) => {
    for (let at = 0; at < size; at++) {
      const old = before[at] ?? ''
      const changed = after[at] ?? ''
      if (old !== changed && ownPart(old) !== ownPart(changed))
        arrows.add(`${modeOf(old)} -${action}-> ${modeOf(changed)}`)
    }
  })
  return arrows
}

const epochOf = (line: string): string | undefined => line.split(' ', 2)[1]

const QUEUE = /^\d+>(\d+): (.*)$/

/** Who took a message off a queue along an edge, by its rank; -1 when nobody did. */
const receiverOf = (before: readonly string[], after: readonly string[]): number => {
  for (const line of before) {
    const [, to, items] = QUEUE.exec(line) ?? []
    if (to === undefined || items === undefined) continue
    const head = line.slice(0, line.length - items.length)
    const left = (after.find((other) => other.startsWith(head)) ?? head).slice(head.length)
    if (left !== items && !left.startsWith(`${items};`)) return Number(to)
  }
  return -1
}

/** Steps that are not one event of one monitor, or that leave it as it is. */
const NO_EVENTS: ReadonlySet<string> = new Set(['Crash', 'Lose', 'Ignore', 'Sync', 'LeaseExpire'])

/**
 * The arrows of Paxos's graph of `size` monitors whose texts are those of paxos-text.ts.
 *
 * An election is a `Restart` of each member and its beginning; a step that leads to mode `electing` is an event that
 * changes nothing and calls for the `Restart` that follows.
 */
export const paxosModeArrows = (graph: TextGraph, size: number): ReadonlySet<string> => {
  const arrows = new Set<string>()
  eachEdge(graph, (before, action, after) => {
    if (NO_EVENTS.has(action)) return
    const receiver = action.startsWith('Handle') ? receiverOf(before, after) : -1
    for (let at = 0; at < size; at++) {
      const [old = '', changed = ''] = [before[at], after[at]]
      const isOwn = old.slice(0, old.indexOf(' / ')) !== changed.slice(0, changed.indexOf(' / '))
      if (!isOwn && at !== receiver) continue
      const [from, to] = [modeOf(old), modeOf(changed)]
      if (action === 'Elect') {
        // Monitors outside the quorum may lose their lease by it, as the spec assumes; they have no event.
        if (epochOf(old) === epochOf(changed)) continue
        arrows.add(`${from} -Restart-> electing`)
        arrows.add(`electing -${to.startsWith('peon') ? 'PeonInit' : 'LeaderInit'}-> ${to}`)
      } else if (to === 'electing') {
        arrows.add(`${from} -${action}-> ${from}`)
        arrows.add(`${from} -Restart-> electing`)
      } else arrows.add(`${from} -${action}-> ${to}`)
    }
  })
  return arrows
}

export interface ArrowDifference {
  readonly onlyInChart: readonly string[]
  readonly onlyInGraph: readonly string[]
}

/** Arrows that only one of the two has, in alphabetical order. */
export const arrowDifference = (chart: ReadonlySet<string>, graph: ReadonlySet<string>): ArrowDifference => ({
  onlyInChart: [...chart].filter((arrow) => !graph.has(arrow)).sort(),
  onlyInGraph: [...graph].filter((arrow) => !chart.has(arrow)).sort(),
})
