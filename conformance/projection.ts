/**
 * What a graph of the whole cluster says of one monitor's modes: the arrows `mode —action→ mode`.
 *
 * An arrow is there when some monitor's own record changes along some edge with that action. Changes of the store
 * and of the network alone are not a monitor's doing and give no arrow.
 */
import type { TextGraph } from './graph.ts'

/** The part of a state's text that is the monitor's own: mode, epochs but the disk's, votes, quorum. */
const ownPart = (line: string): string =>
  line.replace(/ \|.*$/, '').replace(/^(\w+ \d+\/\d+)\/\d+/, (_, own: string) => own)

const modeOf = (line: string): string => line.slice(0, line.indexOf(' '))

/** The arrows of a graph of `size` monitors whose texts are those of election-text.ts. */
export const modeArrows = (graph: TextGraph, size: number): ReadonlySet<string> => {
  const arrows = new Set<string>()
  for (const [text, edges] of graph) {
    const before = text.split('\n', size)
    for (const edge of edges) {
      const tab = edge.indexOf('\t')
      const after = edge.slice(tab + 1).split('\n', size)
      for (const [at, line] of before.entries()) {
        const changed = after[at] ?? ''
        if (line !== changed && ownPart(line) !== ownPart(changed))
          arrows.add(`${modeOf(line)} -${edge.slice(0, tab)}-> ${modeOf(changed)}`)
      }
    }
  }
  return arrows
}
