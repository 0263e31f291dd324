/**
 * Mocha's spec reporter that also leaves its counts in the file named by RESULTS_FILE, with the title of each failed
 * test, the first line of its error, and the titles of skipped ones.
 */
const { writeFileSync } = require('node:fs')
const { reporters } = require('mocha')

const errorLine = ({ name, message, stack }) => {
  const text = String(message ?? stack ?? name ?? 'no error')
  return text.split('\n').find((line) => line.trim() !== '') ?? name
}

module.exports = class CountingReporter extends reporters.Spec {
  constructor(runner, options) {
    super(runner, options)
    const file = process.env.RESULTS_FILE
    if (file === undefined) return
    const failures = []
    const skips = []
    runner.on('fail', (test, error) => {
      failures.push(`${test.titlePath().join(' > ')}: ${errorLine(error)}`)
    })
    runner.on('pending', (test) => {
      skips.push(test.titlePath().join(' > '))
    })
    runner.once('end', () => {
      const { passes: passed, failures: failed, pending: skipped } = runner.stats
      writeFileSync(file, JSON.stringify({ passed, failed, skipped, failures, skips }))
    })
  }
}
