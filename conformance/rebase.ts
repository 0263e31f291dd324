/**
 * The same world with smaller epochs.
 *
 * Handlers compare epochs, add one or two and ask for odd or even, nothing else; so a world and the world whose
 * epochs are all smaller by the same even number do the same things. The first epoch is the exception, because a
 * store without an epoch counts as 0: a world that holds a 0 is left as it is. test/conformance/rebase.test.ts
 * checks this on worlds within the model's bounds and on worlds far beyond them.
 */
import { epoch } from '../src/base/brand.ts'
import type { ElectionWorld } from './election-world.ts'

const epochsOf = (world: ElectionWorld): readonly number[] => [
  ...world.disk,
  ...world.mon.flatMap(({ mode, epoch: own, storedEpoch }) => (mode === 'down' ? [] : [own, storedEpoch])),
  ...world.outbox.flatMap((box) => box.map(({ epoch: held }) => held)),
  ...world.net.flatMap((queues) => queues.flatMap((queue) => queue.map(({ epoch: sent }) => sent))),
]

/** How far the epochs of a world can be lowered: even, so that the least becomes 1 or 2; 0 when a store is empty. */
export const baseOf = (world: ElectionWorld): number => {
  const least = Math.min(...epochsOf(world))
  return least === 0 ? 0 : least % 2 === 1 ? least - 1 : least - 2
}

/** The world with every epoch lowered by `base`. */
export const shift = (world: ElectionWorld, base: number): ElectionWorld => {
  const lower = <A extends { readonly epoch: number }>(item: A): A => ({ ...item, epoch: item.epoch - base })
  return {
    ...world,
    disk: world.disk.map((held) => held - base),
    mon: world.mon.map((state) =>
      state.mode === 'down'
        ? state
        : {
            ...state,
            epoch: epoch(state.epoch - base),
            storedEpoch: epoch(state.storedEpoch - base),
            persistedEpoch: epoch(state.persistedEpoch - base),
          },
    ),
    outbox: world.outbox.map((box) => box.map(lower)),
    net: world.net.map((queues) => queues.map((queue) => queue.map(lower))),
  }
}
