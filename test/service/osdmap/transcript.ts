/**
 * Conversations with a real monitor, played to ours: the same commands in the same order from the same first epoch.
 *
 * A transcript is NDJSON, one command a line with its outcome, recorded with librados from a single ceph-mon 16.2.15
 * without OSDs that had been created for it, on default options but for mon_allow_pool_delete = true.
 */
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { textOf } from '../../../src/base/text.ts'
import { INITIAL_FS_MAP } from '../../../src/map/fs-map/fs-map.ts'
import { osdmapService } from '../../../src/service/osdmap/service.ts'
import { INITIAL_AUTH_STATE, NOTHING_PENDING } from '../../../src/service/auth/state.ts'
import { INITIAL_MGRSTAT_STATE } from '../../../src/service/mgrstat/state.ts'
import { Harness, testOptions } from '../world.ts'

interface Exchange {
  readonly command: Readonly<Record<string, unknown>>
  readonly code: number
  readonly text: string
  readonly data?: string
  readonly base64?: string
  readonly input?: string
}

/** A line of a transcript that our monitor answers otherwise. */
export interface Difference {
  readonly command: string
  readonly expected: string
  readonly actual: string
}

const readTranscript = (name: string): readonly Exchange[] =>
  readFileSync(fileURLToPath(new URL(`../../fixture/service/osdmap/${name}.ndjson`, import.meta.url)), 'utf8')
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as Exchange)

const TIME = /\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}\+0000/g
const FSID = /[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}/g

const SPAN = /\(since [^)]*\)/g
const SECONDS = /_since":(\s*)\d{9,}/g

// When things happened, and in which cluster, differs by its nature.
const comparable = (text: string): string =>
  text
    .replace(TIME, '<time>')
    .replace(FSID, '<fsid>')
    .replace(SPAN, '(since <span>)')
    .replace(SECONDS, '_since":$1<seconds>')

const outcome = (code: number, text: string, data: Buffer): string =>
  comparable(`${code} ${text}\n${textOf(data)}`)

/** A service on which nothing has happened yet, with the options of the recordings. */
export const freshOsdmap = (): Harness<'osdmap'> => {
  const options = testOptions({ mon_allow_pool_delete: 'true' })
  const others = { mgrstat: INITIAL_MGRSTAT_STATE, auth: INITIAL_AUTH_STATE }
  const harness = Harness.created(osdmapService, { options }, others)
  harness.otherPendings = {
    auth: NOTHING_PENDING,
    kv: { changes: new Map() },
    mdsmap: { map: INITIAL_FS_MAP },
  }
  return harness
}

/** Where our answers differ from the recorded ones. */
export const playTranscript = (name: string): readonly Difference[] => {
  const harness = freshOsdmap()
  const differences: Difference[] = []
  for (const { command, code, text, data = '', base64, input } of readTranscript(name)) {
    harness.wait(1000)
    const recorded = base64 === undefined ? Buffer.from(data) : Buffer.from(base64, 'base64')
    const expected = outcome(code, text, recorded)
    const actual = attempt(() => {
      const reply = harness.command(command, input)
      return outcome(reply.code, reply.text, reply.data)
    })
    if (actual !== expected) differences.push({ command: JSON.stringify(command), expected, actual })
  }
  return differences
}

const attempt = (run: () => string): string => {
  try {
    return run()
  } catch (error) {
    return String(error)
  }
}
