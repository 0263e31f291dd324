/**
 * What every model must do: `manifest.json`, checked when read.
 *
 * A model that passes because it has become empty is the failure this file exists for: distinct states are
 * counted, actions must fire, witnesses must be reached, mutants must be caught.
 */
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import * as E from 'fp-ts/lib/Either.js'
import * as t from 'io-ts'
import { PathReporter } from 'io-ts/lib/PathReporter.js'

const Constants = t.record(t.string, t.string)

const Model = t.intersection([
  t.type({
    /** The name on the command line. */
    name: t.string,
    /** Root module and configuration, file names in this folder. */
    module: t.string,
    config: t.string,
    tier: t.keyof({ check: null, everyday: null, nightly: null }),
    /** `ok`, or the one property that has to fail. */
    expect: t.union([t.literal('ok'), t.type({ violates: t.string })]),
  }),
  t.partial({
    /** States that TLC must find, exactly; only for complete runs. */
    distinct: t.number,
    /** Every one of these actions must produce a state. */
    actions: t.array(t.string),
    /** The model is too large to be run to its end: it is stopped, and must have found nothing so far. */
    stopAfterMinutes: t.number,
    constants: Constants,
    /** Checked instead of the configuration's invariants and properties. */
    invariants: t.array(t.string),
    /** Liveness: temporal properties checked instead of those, by one worker. */
    properties: t.array(t.string),
    /** Stands for the configuration's; a fair one for liveness. */
    specification: t.string,
    /** States that must be reachable: each of these invariants has to fail somewhere; `Reachability` notes it. */
    witnesses: t.array(t.string),
    /** One sentence for the reader of the report. */
    about: t.string,
  }),
])

export type Model = t.TypeOf<typeof Model>

const Manifest = t.type({ models: t.array(Model) })

/** The models of `spec/manifest.json`. Errors: where the file does not have its shape. */
export const readManifest = async (): Promise<E.Either<string, readonly Model[]>> => {
  const text = await readFile(join(import.meta.dirname, 'manifest.json'), 'utf8')
  const decoded = Manifest.decode(JSON.parse(text))
  return E.isLeft(decoded) ? E.left(PathReporter.report(decoded).join('\n')) : E.right(decoded.right.models)
}
