/**
 * Runs an xstate machine as a pure function: `(snapshot, event) → [snapshot', effects]`.
 *
 * A machine's named actions are of two kinds, told apart by their first letter. A name in PascalCase is an effect:
 * its implementation in `setup` is an empty function that only declares the parameters, it is never called, and it
 * comes out of `next` with its parameters. A name in camelCase changes the context or enqueues (`assign`, `raise`,
 * `enqueueActions`) and is not seen outside.
 *
 * Machines driven here have no `invoke`, `after`, `spawn` or delayed `raise`: time and I/O are effects, answered by
 * events. xstate's own `transition()` builds an actor on every call; here one scope is built per machine and reused,
 * which is several times faster and gives the same snapshots and actions.
 */
import {
  createActor,
  fromTransition,
  type ActorScope,
  type AnyEventObject,
  type AnyMachineSnapshot,
  type AnyStateMachine,
  type EventFromLogic,
  type InputFrom,
  type SnapshotFrom,
  type StateMachine,
} from 'xstate'
import { invariant } from './assert.ts'

/* eslint-disable @typescript-eslint/no-explicit-any -- xstate's type has 15 parameters and only one is asked for. */
type ActionOf<Machine> =
  Machine extends StateMachine<
    any,
    any,
    any,
    any,
    infer Action,
    any,
    any,
    any,
    any,
    any,
    any,
    any,
    any,
    any,
    any
  >
    ? Action
    : never
/* eslint-enable @typescript-eslint/no-explicit-any */

// Distributes over the union, so that a switch over `type` narrows `params`.
type AsEffect<Action> = Action extends {
  readonly type: Capitalize<string> & string
  readonly params?: unknown
}
  ? { readonly type: Action['type']; readonly params: Action['params'] }
  : never

/** What a machine asks the outside to do: the closed union of its actions in PascalCase, with their parameters. */
export type EffectOf<Machine extends AnyStateMachine> = AsEffect<ActionOf<Machine>>

export interface Drive<Machine extends AnyStateMachine> {
  /** The state before any event, and the effects of entering it. */
  readonly initial: (
    ...input: undefined extends InputFrom<Machine>
      ? [input?: InputFrom<Machine>]
      : [input: InputFrom<Machine>]
  ) => readonly [SnapshotFrom<Machine>, readonly EffectOf<Machine>[]]
  /**
   * One event, run to rest. An event that the state does not expect, and any event after a final state, gives the
   * same snapshot and no effects.
   */
  readonly next: (
    snapshot: SnapshotFrom<Machine>,
    event: EventFromLogic<Machine>,
  ) => readonly [SnapshotFrom<Machine>, readonly EffectOf<Machine>[]]
}

type Scope = ActorScope<AnyMachineSnapshot, AnyEventObject>

const OWN_ACTIONS_OF_XSTATE = 'xstate.'
// xstate leaves it to the actor to stop in a final state; there is no actor here.
const isOver = (snapshot: { readonly status: string }): boolean => snapshot.status === 'done'

const PASCAL_CASE = /^[A-Z]/

/**
 * The types of a machine, for `setup({ types: machineTypes<{ context: …; events: …; input: … }>() })`. There is no
 * value: xstate reads the type only.
 */
export const machineTypes = <Types extends object>(): Types => ({}) as Types

/**
 * A driver for `machine`, to be made once and kept.
 *
 * Errors: asserts when the machine uses an action that is neither an effect nor a change of context, or when it
 *         ends in xstate's error status. What a guard or an `assign` throws comes through.
 */
export const drive = <Machine extends AnyStateMachine>(machine: Machine): Drive<Machine> => {
  type Step = readonly [SnapshotFrom<Machine>, readonly EffectOf<Machine>[]]
  let effects: EffectOf<Machine>[] = []

  // Guards and actions are handed `self` and `system`. An actor that does nothing provides them, and unlike an actor
  // of `machine` does not evaluate the machine's context without its input.
  const self = createActor(fromTransition((state: null) => state, null))
  const scope: Scope = {
    // Two of xstate's own types disagree under exactOptionalPropertyTypes.
    self: self as unknown as Scope['self'],
    id: self.id,
    sessionId: self.sessionId,
    system: self.system,
    logger: () => undefined,
    defer: () => invariant(false, `machine ${machine.id} defers work: it must not spawn, invoke or wait`),
    stopChild: () => invariant(false, `machine ${machine.id} stops a child: it must not have any`),
    emit: () => invariant(false, `machine ${machine.id} emits: effects are named actions`),
    actionExecutor: ({ type, params }) => {
      if (type.startsWith(OWN_ACTIONS_OF_XSTATE)) {
        invariant(type === 'xstate.raise', `machine ${machine.id} uses ${type}, which is not pure`)
        return
      }
      invariant(PASCAL_CASE.test(type), `action ${type} of machine ${machine.id} is no effect and no change`)
      // The machine's own types say which parameters belong to which action.
      effects.push({ type, params } as EffectOf<Machine>)
    },
  }

  const collect = (run: () => SnapshotFrom<Machine>): Step => {
    effects = []
    const snapshot = run()
    const { status, error } = snapshot as { readonly status: string; readonly error?: unknown }
    invariant(status !== 'error', `machine ${machine.id} ended in an error: ${String(error)}`)
    return [snapshot, effects]
  }

  return {
    initial: (input?: InputFrom<Machine>) =>
      collect(() => machine.getInitialSnapshot(scope, input) as SnapshotFrom<Machine>),
    next: (snapshot, event) =>
      isOver(snapshot)
        ? [snapshot, []]
        : collect(() => machine.transition(snapshot, event, scope) as SnapshotFrom<Machine>),
  }
}
