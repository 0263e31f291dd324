/** One-shot timers by name, for a shell that turns each firing into an event. */

export interface Timers<Name extends string> {
  /** Starts `name`, in place of one of that name that still runs. */
  readonly start: (name: Name, ms: number) => void
  readonly stop: (name: Name) => void
  readonly stopAll: () => void
}

/** setTimeout's own limit; a longer wait would fire at once. */
export const TIMER_MS_MAX = 0x7fff_ffff

/** Timers that call `onFired` with their name. They keep the process alive, as an idle monitor must stay. */
export const timers = <Name extends string>(onFired: (name: Name) => void): Timers<Name> => {
  const running = new Map<Name, NodeJS.Timeout>()
  const stop = (name: Name): void => {
    clearTimeout(running.get(name))
    running.delete(name)
  }
  return {
    start: (name, ms) => {
      stop(name)
      const wait = Math.min(Math.max(ms, 0), TIMER_MS_MAX)
      running.set(
        name,
        setTimeout(() => {
          running.delete(name)
          onFired(name)
        }, wait),
      )
    },
    stop,
    stopAll: () => {
      for (const name of [...running.keys()]) stop(name)
    },
  }
}
