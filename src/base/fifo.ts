/** A persistent queue: both ends in constant time, amortised, and older versions stay what they were. */
interface Cell<A> {
  readonly head: A
  readonly tail: Cell<A> | undefined
}

export interface Fifo<A> {
  readonly length: number
  /** Oldest first. */
  readonly front: Cell<A> | undefined
  /** Newest first; empty only together with `front`, so that the oldest is always at hand. */
  readonly back: Cell<A> | undefined
}

export const EMPTY_FIFO: Fifo<never> = { length: 0, front: undefined, back: undefined }

export const pushed = <A>({ length, front, back }: Fifo<A>, item: A): Fifo<A> =>
  front === undefined
    ? { length: 1, front: { head: item, tail: undefined }, back: undefined }
    : { length: length + 1, front, back: { head: item, tail: back } }

/** The oldest item; undefined when there is none. */
export const oldest = <A>({ front }: Fifo<A>): A | undefined => front?.head

/** Without the oldest item; an empty queue stays empty. */
export const shifted = <A>({ length, front, back }: Fifo<A>): Fifo<A> => {
  if (front === undefined) return EMPTY_FIFO
  if (front.tail !== undefined || back === undefined) return { length: length - 1, front: front.tail, back }
  return { length: length - 1, front: reversed(back), back: undefined }
}

/** Oldest first. */
export const itemsOf = <A>({ front, back }: Fifo<A>): readonly A[] => [
  ...cellItems(front),
  ...cellItems(back).reverse(),
]

const cellItems = <A>(cell: Cell<A> | undefined): A[] => {
  const items: A[] = []
  for (let at = cell; at !== undefined; at = at.tail) items.push(at.head)
  return items
}

const reversed = <A>(cell: Cell<A> | undefined): Cell<A> | undefined => {
  let out: Cell<A> | undefined
  for (let at = cell; at !== undefined; at = at.tail) out = { head: at.head, tail: out }
  return out
}
