/** The pages of report and rehearsal in a browser, full, of few people and of nobody: axe, narrow, dark, on paper. */
import { mkdtempSync, rmSync } from 'node:fs'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { countFolder } from '../../population/count.ts'
import { writePopulation } from '../../population/generate/write.ts'
import { marked, marksPage, readMarks } from '../../population/rehearsal/marks.ts'
import { rehearsalPage, samplesPage } from '../../population/rehearsal/page.ts'
import { rehearse } from '../../population/rehearse.ts'
import { reportPage } from '../../population/report/page.ts'
import { readPrices } from '../../population/report.ts'
import { openLibrary } from '../../src/library.ts'
import { readMeasures } from '../../src/pathway/measures.ts'
import { resultsOf } from '../../src/quality/results.ts'
import { root } from '../support/evaluator.ts'
import { lines, patient, writeExport } from '../support/odd-exports.ts'
import { describeInBrowser } from './browser.ts'
import { faultsOf, faultsOnPaper, lookAgain, narrowAndDark, wideAndLight } from './looks.ts'

const place = mkdtempSync(join(tmpdir(), 'lumbar-report-pages-'))
const lumbar = openLibrary()
const pages = new Map<string, string>()
let server: Server
let base: string

async function makeReport(name: string, folder: string): Promise<void> {
  const measures = readMeasures(root, lumbar.sources)
  const prices = readPrices(join(root, 'measures/prices.csv'))
  const period = { start: '2024-01-01', end: '2024-12-03' }
  const counted = await countFolder(folder, { lumbar, measures, period, prices, work: folder })
  for (const allCells of [false, true]) {
    const results = resultsOf(measures, counted.counts, { allCells, clinicOf: counted.clinicOf })
    const data = { ...counted, from: period.start, until: period.end, results, prices, allCells }
    pages.set(`/report-${name}${allCells ? '-all-cells' : ''}`, reportPage(data))
  }
}

async function makeRehearsal(name: string, folder: string): Promise<void> {
  const found = await rehearse(folder, lumbar, folder)
  pages.set(`/rehearsal-${name}`, rehearsalPage(found, lumbar))
  pages.set(`/cases-${name}`, samplesPage(found.samples.byRule, lumbar))
  const cases = [...found.samples.byRule].flatMap(([rule, list]) =>
    list.map(
      ({ id }, n) => `${rule},${id},${['right', 'wrong', 'cannot tell', ''][n % 4]},"a reason, in words"`,
    ),
  )
  const spoken = new Map([...found.samples.byRule].map(([rule, { length }]) => [rule, length]))
  pages.set(
    `/marks-${name}`,
    marksPage(marked(readMarks(['rule,order,mark,why', ...cases].join('\n')), spoken)),
  )
}

beforeAll(async () => {
  writePopulation({ out: join(place, 'many'), patients: 800, seed: 21 })
  writePopulation({ out: join(place, 'few'), patients: 25, seed: 21 })
  writeExport(join(place, 'nobody'), { 'Patient.ndjson': lines(patient('a')) })
  for (const name of ['many', 'few', 'nobody']) {
    await makeReport(name, join(place, name))
    await makeRehearsal(name, join(place, name))
  }
  server = createServer((request, reply) =>
    reply.setHeader('content-type', 'text/html; charset=utf-8').end(pages.get(request.url ?? '')),
  )
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
}, 240_000)
afterAll(async () => {
  server.closeAllConnections()
  await new Promise((resolve) => server.close(resolve))
  rmSync(place, { recursive: true })
})

const names = [
  ...['report-many', 'rehearsal-many', 'cases-many', 'marks-many'],
  ...['report-few', 'report-nobody', 'rehearsal-nobody', 'cases-nobody', 'marks-nobody'],
]

describeInBrowser('A page that is a file', (open) => {
  test.each(names)(
    '%s: axe finds nothing, narrow and dark or wide and light, and nothing is cut on paper',
    async (name) => {
      const visit = await open(`${base}/${name}`, narrowAndDark)
      expect(await faultsOf(visit)).toEqual([])
      await lookAgain(visit.page, wideAndLight)
      expect(await faultsOf(visit)).toEqual([])
      expect(await faultsOnPaper(visit.page)).toEqual([])
      await visit.page.context().close()
    },
    120_000,
  )

  test('the pages have charts, cases and answers, so that the looks above are looks at something', () => {
    const charts = (name: string) => pages.get(`/${name}`)?.match(/<svg/g)?.length ?? 0
    expect(charts('report-many')).toBeGreaterThan(10)
    expect(charts('report-many-all-cells')).toBeGreaterThan(charts('report-many'))
    expect(charts('report-nobody')).toBe(0)
    expect(pages.get('/cases-many')).toContain('IM01, case 20')
    expect(pages.get('/marks-many')).toContain('a reason, in words')
  })
})
