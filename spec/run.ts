/**
 * Checks the models of the manifest: `npx tsx spec/run.ts [--tier check|everyday|nightly] [MODEL …]`.
 *
 * A name with a final `*` stands for all models it begins; `MODEL/WITNESS` shows the way to a witness. Without names
 * the everyday tier and below is run.
 * Prints one line a run; the exit code is 1 when any differs from what the manifest expects.
 */
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import * as E from 'fp-ts/lib/Either.js'
import { readManifest, type Model } from './manifest.ts'
import { runTlc, type TlcRun } from './tlc.ts'

const TIERS = ['check', 'everyday', 'nightly'] as const

const seconds = (elapsedMs: number): string => `${(elapsedMs / 1000).toFixed(1)} s`

/** What is wrong with the run, judged by the manifest; empty when nothing is. */
export const judge = (model: Model, run: TlcRun): readonly string[] => {
  const { verdict } = run
  const problems: string[] = []
  if (verdict._tag === 'Failed') problems.push(`TLC failed: ${verdict.message}`)
  else if (verdict._tag === 'Stopped') {
    if (model.expect !== 'ok')
      problems.push(`found no violation of ${model.expect.violates} before it was stopped`)
    return problems
  } else if (model.expect === 'ok') {
    if (verdict._tag === 'Violated')
      problems.push(
        `${verdict.property} is violated:\n${verdict.trace
          .map(({ action, state }, at) => `  ${at + 1} ${action}\n${state.replace(/^/gm, '    ')}`)
          .join('\n')}`,
      )
  } else if (verdict._tag === 'Ok')
    problems.push(`expected a violation of ${model.expect.violates}, found none`)
  else if (verdict.property !== model.expect.violates)
    problems.push(`expected a violation of ${model.expect.violates}, found one of ${verdict.property}`)
  if (model.distinct !== undefined && run.distinctCount !== model.distinct)
    problems.push(`${run.distinctCount} distinct states, expected ${model.distinct}`)
  for (const action of model.actions ?? [])
    if ((run.firedCount.get(action) ?? 0) === 0) problems.push(`action ${action} never fires`)
  for (const witness of model.witnesses ?? [])
    if (!run.printed.has(witness)) problems.push(`${witness} is never reached`)
  return problems
}

const summary = (run: TlcRun): string => {
  const verdict =
    run.verdict._tag === 'Violated'
      ? `violates ${run.verdict.property} in ${run.verdict.trace.length} states`
      : run.verdict._tag
  return `${verdict}; ${run.distinctCount} distinct, ${run.generatedCount} generated, depth ${run.depth}, ${seconds(run.elapsedMs)}`
}

/** Prints how a run ended; gives what is wrong with it in one line, undefined when nothing is. */
const report = (name: string, problems: readonly string[], text: string): string | undefined => {
  process.stdout.write(`${problems.length === 0 ? 'ok  ' : 'FAIL'} ${name}: ${text}\n`)
  for (const problem of problems) process.stdout.write(`     ${problem}\n`)
  return problems.length === 0 ? undefined : `${name}: ${problems.join('; ').split('\n', 1)[0] ?? ''}`
}

const runOnce = async (model: Model): Promise<string | undefined> => {
  const run = await runTlc({
    module: join(import.meta.dirname, model.module),
    config: join(import.meta.dirname, model.config),
    constants: model.constants ?? {},
    ...(model.invariants === undefined ? {} : { invariants: model.invariants }),
    ...(model.properties === undefined ? {} : { properties: model.properties, workerCount: 1 }),
    ...(model.stopAfterMinutes === undefined ? {} : { stopAfterMs: model.stopAfterMinutes * 60_000 }),
    ...(model.specification === undefined ? {} : { specification: model.specification }),
  })
  return E.isLeft(run)
    ? report(model.name, [run.left], 'TLC did not run')
    : report(model.name, judge(model, run.right), summary(run.right))
}

/** The way to a witness, for who wants to see it: the run that ends in the first state of its kind. */
const witnessModel = (model: Model, witness: string): Model => ({
  name: `${model.name}/${witness}`,
  module: model.module,
  config: model.config,
  tier: model.tier,
  expect: { violates: witness },
  invariants: [witness],
  constants: model.constants ?? {},
})

const matches = (name: string, pattern: string): boolean =>
  pattern.endsWith('*') ? name.startsWith(pattern.slice(0, -1)) : name === pattern

const main = async (args: readonly string[]): Promise<number> => {
  const manifest = await readManifest()
  if (E.isLeft(manifest)) {
    report('manifest.json', [manifest.left], 'does not have its shape')
    return 1
  }
  const tierAt = args.indexOf('--tier')
  const tier = tierAt < 0 ? 'everyday' : (args[tierAt + 1] ?? 'everyday')
  const names = args.filter((_, at) => tierAt < 0 || (at !== tierAt && at !== tierAt + 1))
  const highest = TIERS.findIndex((candidate) => candidate === tier)
  const all = manifest.right.flatMap((model) => [
    model,
    ...(model.witnesses ?? []).map((witness) => witnessModel(model, witness)),
  ])
  const chosen =
    names.length > 0
      ? all.filter((model) => names.some((pattern) => matches(model.name, pattern)))
      : manifest.right.filter((model) => TIERS.indexOf(model.tier) <= highest)
  if (chosen.length === 0) {
    report(names.join(' '), [`known: ${all.map((m) => m.name).join(' ')}`], 'no such model')
    return 1
  }
  const failures: string[] = []
  for (const model of chosen) {
    const failure = await runOnce(model)
    if (failure !== undefined) failures.push(failure)
  }
  const passed = chosen.length - failures.length
  process.stdout.write(`${passed} of ${chosen.length} models as expected\n`)
  const resultsFile = process.env['RESULTS_FILE']
  if (resultsFile !== undefined)
    await writeFile(
      resultsFile,
      JSON.stringify({ passed, failed: failures.length, skipped: 0, failures, skips: [] }),
    )
  return failures.length === 0 ? 0 : 1
}

if (process.argv[1] === import.meta.filename) process.exitCode = await main(process.argv.slice(2))
