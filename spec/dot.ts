/**
 * Reads a state graph dumped by `-dump dot,actionlabels`, line by line: a dump is 2 KB a state and is never held
 * whole. Labels of edges are `Inc` or, from newer releases, `Inc(1)`; edges may be repeated.
 */
import { createReadStream } from 'node:fs'
import { createInterface } from 'node:readline'
import { invariant, known } from '../src/base/assert.ts'
import { parseState, type TlaState } from './tla-value.ts'

/** A directed graph whose nodes are numbered from 0 in the order in which TLC found them. */
export interface StateGraph<Node> {
  readonly nodes: readonly Node[]
  readonly initial: readonly number[]
  /** Edges that leave each node, without repetition. */
  readonly edges: readonly (readonly Edge[])[]
  readonly edgeCount: number
}

export interface Edge {
  readonly action: string
  readonly to: number
}

const EDGE = /^(-?\d+) -> (-?\d+) \[label="((?:[^"\\]|\\.)*)"/
const NODE = /^(-?\d+) \[label="((?:[^"\\]|\\.)*)"(,style = filled)?/

// The dump escapes quotes, backslashes and newlines of the state's text.
const unescape = (text: string): string =>
  text.replace(/\\(.)/g, (_, char: string) => (char === 'n' ? '\n' : char))

/** The action's name in an edge's label, without parameters. */
export const actionName = (label: string): string => /^\w+/.exec(label)?.[0] ?? label

/**
 * Loads a dumped graph; `project` turns each state into what the caller wants to keep (a short text, best).
 *
 * Shape:  nodes[i] = project(state i); every edge ends at a known node, else it asserts.
 */
export const readStateGraph = async <Node>(
  path: string,
  project: (state: TlaState) => Node,
): Promise<StateGraph<Node>> => {
  const indexOf = new Map<string, number>()
  const nodes: Node[] = []
  const seen: boolean[] = []
  const initial: number[] = []
  const edges: Map<string, Edge>[] = []
  const index = (id: string): number => {
    const known = indexOf.get(id)
    if (known !== undefined) return known
    const fresh = indexOf.size
    indexOf.set(id, fresh)
    edges.push(new Map())
    return fresh
  }
  for await (const line of createInterface({ input: createReadStream(path), crlfDelay: Infinity })) {
    const edge = EDGE.exec(line)
    if (edge !== null) {
      const from = index(edge[1] ?? '')
      const to = index(edge[2] ?? '')
      const action = actionName(unescape(edge[3] ?? ''))
      known(edges[from], 'edges of a node').set(`${action} ${to}`, { action, to })
      continue
    }
    const node = NODE.exec(line)
    if (node === null) continue
    const at = index(node[1] ?? '')
    if (node[3] !== undefined) initial.push(at)
    if (seen[at] === true) continue
    seen[at] = true
    nodes[at] = project(parseState(unescape(node[2] ?? '')))
  }
  for (let at = 0; at < edges.length; at++)
    invariant(seen[at] === true, `node ${at} of ${path} has edges but no state`)
  const lists = edges.map((out) => [...out.values()])
  return { nodes, initial, edges: lists, edgeCount: lists.reduce((sum, out) => sum + out.length, 0) }
}
