/** The trace of a monitor: one line of JSON for each handled event, in the order in which they were handled. */
import { closeSync, openSync, writeSync } from 'node:fs'
import { traceLine, type TraceStep } from '../trace/record.ts'

export interface TraceFile {
  readonly isOpen: boolean
  readonly write: (step: TraceStep) => void
  readonly close: () => Promise<void>
}

const NO_TRACE: TraceFile = { isOpen: false, write: () => undefined, close: () => Promise.resolve() }

/**
 * Appends to `path`; an empty path means no trace.
 *
 * A line is handed to the system before its messages are sent, so that it outlives a process that is killed.
 */
export const openTrace = (path: string, node: string): TraceFile => {
  if (path === '') return NO_TRACE
  const file = openSync(path, 'a')
  let n = 0
  let isClosed = false
  return {
    isOpen: true,
    write: (step) => {
      if (!isClosed) writeSync(file, traceLine(node, n++, step))
    },
    close: () => {
      if (!isClosed) closeSync(file)
      isClosed = true
      return Promise.resolve()
    },
  }
}
