/**
 * Two graphs that have to be one: what the model checker found, and what the production handlers span.
 *
 * Nodes are compared by their canonical text, edges by action and both ends. Nothing is sampled.
 */
import { known } from '../src/base/assert.ts'
import type { StateGraph } from '../spec/dot.ts'

/** A node's outgoing edges, each `action` + tab + text of the node it leads to. */
export type TextGraph = ReadonlyMap<string, ReadonlySet<string>>

/**
 * All that can be reached from `initial`.
 *
 * Errors: stops with the count so far when there are more than `nodesMax` nodes.
 */
export const enumerate = <World>(
  initial: World,
  textOf: (world: World) => string,
  successors: (world: World) => readonly (readonly [{ readonly action: string }, World])[],
  nodesMax: number,
): TextGraph => {
  const graph = new Map<string, Set<string>>()
  let frontier: (readonly [string, World])[] = [[textOf(initial), initial]]
  graph.set(textOf(initial), new Set())
  while (frontier.length > 0 && graph.size <= nodesMax) {
    const next: (readonly [string, World])[] = []
    for (const [text, world] of frontier) {
      const out = known(graph.get(text), 'the node that is expanded')
      for (const [move, successor] of successors(world)) {
        const successorText = textOf(successor)
        out.add(`${move.action}\t${successorText}`)
        if (graph.has(successorText)) continue
        graph.set(successorText, new Set())
        next.push([successorText, successor])
      }
    }
    frontier = next
  }
  return graph
}

/** A dumped graph whose nodes are texts, in the same shape. */
export const textGraph = ({ nodes, edges }: StateGraph<string>): TextGraph =>
  new Map(
    nodes.map((text, at) => [
      text,
      new Set((edges[at] ?? []).map(({ action, to }) => `${action}\t${nodes[to] ?? ''}`)),
    ]),
  )

export interface GraphDifference {
  readonly onlyInLeft: readonly string[]
  readonly onlyInRight: readonly string[]
}

const edgesMissing = (from: TextGraph, to: TextGraph, shownMax: number): readonly string[] => {
  const missing: string[] = []
  for (const [text, out] of from) {
    if (missing.length >= shownMax) break
    const other = to.get(text)
    if (other === undefined) missing.push(`state\n${text}`)
    else
      for (const edge of out)
        if (!other.has(edge)) missing.push(`from\n${text}\nby ${edge.replace('\t', ' to\n')}`)
  }
  return missing.slice(0, shownMax)
}

/** States and edges that only one of two graphs has; both lists are empty when they are equal. */
export const graphDifference = (left: TextGraph, right: TextGraph, shownMax = 5): GraphDifference => ({
  onlyInLeft: edgesMissing(left, right, shownMax),
  onlyInRight: edgesMissing(right, left, shownMax),
})

/** Edges of a graph. */
export const edgeCountOf = (graph: TextGraph): number =>
  [...graph.values()].reduce((sum, out) => sum + out.size, 0)
