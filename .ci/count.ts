/**
 * Sums up the report of a test run: `passed failed skipped` on the first line, then each failure on a line.
 * Arguments: the report, and the exit code of the run, which may have failed without any test doing so.
 */
import { existsSync, readFileSync } from 'node:fs'

interface Report {
  testResults: {
    name: string
    status: string
    message?: string
    assertionResults: { status: string; fullName: string; failureMessages?: string[] }[]
  }[]
}

const [path = '', ended = '1'] = process.argv.slice(2)
const report: Report = existsSync(path) ? JSON.parse(readFileSync(path, 'utf8')) : { testResults: [] }
const tests = report.testResults.flatMap(({ assertionResults }) => assertionResults)
const failures = report.testResults.flatMap(failuresOf)
if (failures.length === 0 && (ended !== '0' || tests.length === 0)) {
  failures.push(`tests: ended with code ${ended} after ${tests.length} tests (run: npm test)`)
}
const passed = tests.filter(({ status }) => status === 'passed').length
const skipped = tests.filter(({ status }) => status !== 'passed' && status !== 'failed').length
console.log([`${passed} ${failures.length} ${skipped}`, ...failures].join('\n'))

/** A file that could not be loaded has no tests, and is a failure all the same. */
function failuresOf({ name, status, message, assertionResults }: Report['testResults'][number]): string[] {
  const file = name.replace(`${process.cwd()}/`, '')
  const failed = assertionResults.filter((test) => test.status === 'failed')
  if (failed.length === 0 && status === 'failed') return [`${file}: ${firstLine(message)}`]
  return failed.map(
    ({ fullName, failureMessages }) => `${file} > ${fullName}: ${firstLine(failureMessages?.[0])}`,
  )
}

function firstLine(message = ''): string {
  return message.split('\n', 1)[0]?.slice(0, 200) ?? ''
}
