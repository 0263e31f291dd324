/**
 * Results of a check's steps, one file each: how many passed, failed and were skipped, and in words which failed and
 * which were skipped.
 *
 *   record FILE CODE     makes sure that a finished step left believable results
 *   skip FILE WHY        a step that could not run
 *   sum FOLDER           prints what failed and what was skipped, then the sum; sets the exit code
 */
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { basename, join } from 'node:path'

/** The tail of a log that stands for what failed, when the step did not say it in words. */
const LOG_LINES = 10
/** Of each step, so that the end of the output shows every step. */
const LINES_SHOWN_MAX = 12
const LINE_CHARS_MAX = 240

const NOTHING = { passed: 0, failed: 0, skipped: 0, failures: [], skips: [] }
const read = (file) => ({ ...NOTHING, ...JSON.parse(readFileSync(file, 'utf8')) })
const write = (file, results) => {
  writeFileSync(file, `${JSON.stringify(results)}\n`)
}

const tailOf = (log) => {
  const lines = existsSync(log) ? readFileSync(log, 'utf8').trimEnd().split('\n') : []
  return lines.filter((line) => line.trim() !== '').slice(-LOG_LINES)
}

/** Steps that count for themselves: one that leaves nothing was cut short, whatever its exit code. */
const COUNTING = ['unit', 'spec', 'conformance', 'interop']

const record = (file, code) => {
  const isCutShort = !existsSync(file) && COUNTING.includes(basename(file, '.json'))
  const ok = code === '0' && !isCutShort
  const results = existsSync(file) ? read(file) : { ...NOTHING, passed: ok ? 1 : 0, failed: ok ? 0 : 1 }
  // A step that failed without saying how often has failed once.
  if (!ok && results.failed === 0) results.failed = 1
  if (!ok && results.failures.length === 0)
    results.failures = [
      `${isCutShort ? 'cut short, ' : ''}exit code ${code}; its last lines:`,
      ...tailOf(file.replace(/\.json$/, '.log')),
    ]
  write(file, results)
}

/** Many titles of one suite as one line. */
const grouped = (titles) => {
  if (titles.length <= LINES_SHOWN_MAX) return titles
  const counts = new Map()
  for (const title of titles) {
    const suite = title.split(' > ', 1)[0]
    counts.set(suite, (counts.get(suite) ?? 0) + 1)
  }
  return [...counts].map(([suite, count]) => `${suite}: ${count}`)
}

const print = (line) => {
  process.stdout.write(`${line.length > LINE_CHARS_MAX ? `${line.slice(0, LINE_CHARS_MAX)}…` : line}\n`)
}

const printList = (title, lines) => {
  print(title)
  for (const line of lines.slice(0, LINES_SHOWN_MAX)) print(`    ${line}`)
  if (lines.length > LINES_SHOWN_MAX) print(`    … and ${lines.length - LINES_SHOWN_MAX} more, above`)
}

const sum = (folder) => {
  const files = existsSync(folder) ? readdirSync(folder).filter((name) => name.endsWith('.json')) : []
  const steps = files.map((name) => ({ name: basename(name, '.json'), ...read(join(folder, name)) }))
  if (steps.length === 0)
    steps.push({ ...NOTHING, name: 'install', failed: 1, failures: ['no step was reached: see above'] })
  const total = (key) => steps.reduce((count, step) => count + step[key], 0)
  for (const { name, skips, skipped } of steps.filter((step) => step.skipped > 0))
    printList(`skipped in ${name}: ${skipped}`, grouped(skips))
  for (const { name, failures, failed } of steps.filter((step) => step.failed > 0))
    printList(`FAILED in ${name}: ${failed}`, failures)
  const [passed, failed, skipped] = [total('passed'), total('failed'), total('skipped')]
  // Nothing is left out in CI, where everything that a test needs is installed.
  const strict = !['', 'false'].includes(process.env.CI ?? '')
  if (strict && skipped > 0) print('skipped tests fail in CI')
  print(`${passed} passed, ${failed} failed, ${skipped} skipped`)
  process.exitCode = failed > 0 || passed === 0 || (strict && skipped > 0) ? 1 : 0
}

const [verb, path, argument = ''] = process.argv.slice(2)
if (verb === 'record') record(path, argument)
else if (verb === 'skip') write(path, { ...NOTHING, skipped: 1, skips: argument.split('\n') })
else sum(path)
