/**
 * Equality of JSON up to the names of values.
 *
 * A trace names a value by its length and checksum. The walk has no bytes of real values and lets stand-ins take
 * their place; so names on the two sides are matched one to one, and stay matched.
 */

/** Matched names, in both directions. */
export interface Names {
  readonly modelOf: ReadonlyMap<string, string>
  readonly traceOf: ReadonlyMap<string, string>
}

export const NO_NAMES: Names = { modelOf: new Map(), traceOf: new Map() }

const NAME = /^\d+:\d+$/

const isName = (value: unknown): value is string => typeof value === 'string' && NAME.test(value)

/** Names with `trace` matched to `model`; null when either is matched to another. */
export const matchNames = (names: Names, model: string, trace: string): Names | null => {
  const known = names.modelOf.get(trace)
  if (known === model) return names
  if (known !== undefined || names.traceOf.has(model)) return null
  return {
    modelOf: new Map(names.modelOf).set(trace, model),
    traceOf: new Map(names.traceOf).set(model, trace),
  }
}

/** What a comparison has come to: the names matched so far, where it failed, how much was compared. */
export interface Unified {
  readonly names: Names
  readonly problems: readonly string[]
  readonly fieldCount: number
}

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null

const differs = (so: Unified, path: string, model: unknown, trace: unknown): Unified => ({
  ...so,
  problems: [...so.problems, `${path} is ${JSON.stringify(trace)}, the model has ${JSON.stringify(model)}`],
})

/** Compares `trace` with `model`; `so` holds what earlier comparisons found. */
export const unify = (so: Unified, path: string, model: unknown, trace: unknown): Unified => {
  if (isName(model) && isName(trace)) {
    const names = matchNames(so.names, model, trace)
    const counted = { ...so, fieldCount: so.fieldCount + 1 }
    return names === null ? differs(counted, path, model, trace) : { ...counted, names }
  }
  if (!isObject(model) || !isObject(trace)) {
    const counted = { ...so, fieldCount: so.fieldCount + 1 }
    return model === trace ? counted : differs(counted, path, model, trace)
  }
  const keys = [...new Set([...Object.keys(model), ...Object.keys(trace)])]
  if (Array.isArray(model) !== Array.isArray(trace)) return differs(so, path, model, trace)
  return keys.reduce((seen, key) => unify(seen, `${path}.${key}`, model[key], trace[key]), so)
}
