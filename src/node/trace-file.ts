/** The trace of a monitor: one line of JSON for each handled event, in the order in which they were handled. */
import { createWriteStream } from 'node:fs'

export interface TraceFile {
  readonly isOpen: boolean
  readonly write: (line: object) => void
  readonly close: () => Promise<void>
}

const NO_TRACE: TraceFile = { isOpen: false, write: () => undefined, close: () => Promise.resolve() }

/** Appends to `path`; an empty path means no trace. u64 values become decimal text. */
export const openTrace = (path: string): TraceFile => {
  if (path === '') return NO_TRACE
  const stream = createWriteStream(path, { flags: 'a' })
  return {
    isOpen: true,
    write: (line) => {
      stream.write(
        `${JSON.stringify(line, (_key, value: unknown) => (typeof value === 'bigint' ? value.toString() : value))}\n`,
      )
    },
    close: () => new Promise((resolve) => stream.end(resolve)),
  }
}
