/**
 * What a statechart says: the arrows `mode -event-> mode`, read from the machine's definition.
 */
import type { AnyStateMachine } from 'xstate'

type StateNode = AnyStateMachine['root']

const leavesOf = (node: StateNode): readonly StateNode[] => {
  const children = Object.values(node.states)
  return children.length === 0 ? [node] : children.flatMap(leavesOf)
}

const nameOf = ({ path }: StateNode): string => path.join('.')

/** Where one ends up that enters `node`. */
const entered = (node: StateNode): StateNode => {
  const [first] = node.initial.target
  return Object.keys(node.states).length === 0 || first === undefined ? node : entered(first)
}

/** One way out of a mode. */
export interface Transition {
  readonly from: string
  readonly event: string
  readonly to: string
  /** Whether anything is done on the way. */
  readonly acts: boolean
}

/** Every transition of a machine between its innermost states; an inner state's answer to an event hides an outer's. */
export const transitionsOf = (machine: AnyStateMachine): readonly Transition[] =>
  leavesOf(machine.root).flatMap((leaf) => {
    const from = nameOf(leaf)
    const answered = new Set<string>()
    const found: Transition[] = []
    for (let node: StateNode | undefined = leaf; node !== undefined; node = node.parent) {
      const own = [...node.transitions].filter(([event]) => !answered.has(event))
      for (const [event, ways] of own) {
        answered.add(event)
        for (const { target, actions } of ways) {
          const next = target?.[0]
          found.push({
            from,
            event,
            to: next === undefined ? from : nameOf(entered(next)),
            acts: actions.length > 0,
          })
        }
      }
    }
    return found
  })

const arrow = ({ from, event, to }: Transition): string => `${from} -${event}-> ${to}`

/**
 * The arrows of the election's chart that the specification can show.
 *
 * Not a message that is ignored, not the store's answer, not a new rank while probing: none of these changes what
 * the specification holds of a monitor.
 */
export const electionArrows = (machine: AnyStateMachine): ReadonlySet<string> =>
  new Set(
    transitionsOf(machine)
      .filter(({ acts, event }) => acts && event !== 'EpochPersisted')
      .filter(({ from, event }) => from !== 'probing' || event !== 'Bootstrap')
      .map(arrow),
  )

/** The arrows of Paxos's chart but those to and from `shutdown`, which the specification does not know. */
export const paxosArrows = (machine: AnyStateMachine): ReadonlySet<string> =>
  new Set(
    transitionsOf(machine)
      .filter(({ from, to }) => from !== 'shutdown' && to !== 'shutdown')
      .map(arrow),
  )
