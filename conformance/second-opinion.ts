/**
 * Looks every step of a walk up in the graph that the model checker found.
 *
 * The walk asks the production handlers; here the model checker answers for itself. A step whose world is in the
 * graph, epochs rebased, must be an edge of it. Steps beyond the graph's bounds are counted, not judged.
 */
import { baseOf, shift } from './rebase.ts'
import type { ElectionWorld, WorldBounds } from './election-world.ts'
import { worldText } from './election-text.ts'
import type { TextGraph } from './graph.ts'

export interface Opinion {
  /** Steps that are edges of the graph. */
  readonly agreedCount: number
  /** Different edges among them. */
  readonly edgeCount: number
  /** Steps from worlds, or to worlds, that the bounds leave out. */
  readonly beyondCount: number
  /** Steps from a world of the graph that the graph does not have. */
  readonly denied: readonly string[]
}

/** Collects opinions on steps, one after the other. */
export const secondOpinion = (graph: TextGraph, bounds: WorldBounds) => {
  let agreedCount = 0
  let beyondCount = 0
  const edges = new Set<string>()
  const denied: string[] = []

  /** The world's node with the fewest troubles, or null when the bounds leave it out. */
  const locate = (world: ElectionWorld): ElectionWorld | null => {
    const rebased = shift(world, baseOf(world))
    for (let troubles = 0; troubles <= bounds.maxTroubles; troubles++) {
      const node = { ...rebased, troubles }
      if (graph.has(worldText(node))) return node
    }
    return null
  }

  return {
    step: (before: ElectionWorld, action: string, after: ElectionWorld): void => {
      const from = locate(before)
      const base = baseOf(before)
      const to: ElectionWorld = {
        ...shift(after, base),
        troubles: (from?.troubles ?? 0) + after.troubles - before.troubles,
      }
      const isWithin =
        to.troubles <= bounds.maxTroubles &&
        to.mon.every((state) => Number(state.epoch) <= bounds.maxEpoch) &&
        to.outbox.every((box) => box.filter(({ kind }) => kind === 'write').length <= bounds.maxWrites) &&
        to.net.every((queues) => queues.every((queue) => queue.length <= bounds.maxQueue))
      if (from === null || !isWithin) {
        beyondCount++
        return
      }
      const edge = `${action}\t${worldText(to)}`
      if (graph.get(worldText(from))?.has(edge) === true) {
        agreedCount++
        edges.add(`${worldText(from)}\t${edge}`)
      } else denied.push(`from\n${worldText(from)}\nby ${edge.replace('\t', ' to\n')}`)
    },
    opinion: (): Opinion => ({ agreedCount, edgeCount: edges.size, beyondCount, denied }),
  }
}
