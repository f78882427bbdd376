/** The dashboard in a browser: axe finds nothing, nothing runs, narrow windows do not scroll sideways, and it prints on Letter. */
import { extractText, getDocumentProxy } from 'unpdf'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { aYear, write } from '../quality/ledger.ts'
import { type Dashboard, keepReport, keys, now, openDashboard, reportOf } from '../quality/support.ts'
import { describeInBrowser } from './browser.ts'
import { faultsOf, faultsOnPaper, lookAgain, narrowAndDark, wideAndLight } from './looks.ts'

type Habit = (year: number) => (clinician: string, month: number) => number
const habit: Habit = () => (clinician, month) =>
  0.3 + (clinician === 'ana' ? 0.2 : 0) + ((month * 7) % 12) * 0.005

/** By what there is to draw: years of reports, how many people a month, what changed since the note. */
const desks: Readonly<
  Record<string, { years: readonly number[]; people?: number; habit?: Habit; note?: string; calls?: number }>
> = {
  usual: { years: [2024, 2025], note: '2025-02-01', calls: 2 },
  'nothing yet': { years: [] },
  'one year, no note': { years: [2025] },
  'three years, and worse': {
    years: [2023, 2024, 2025],
    habit: (year) => (_, month) => (year === 2025 ? 0.9 : 0.1) + (month % 3) * 0.01,
    note: '2025-01-06',
  },
  'too early': { years: [2024, 2025], note: '2025-10-01' },
  'few people, so that months are hidden': {
    years: [2024, 2025],
    people: 2,
    note: '2025-02-01',
    calls: 0.05,
  },
  'nobody imaged': { years: [2025], habit: () => () => 0 },
}

const open = new Map<string, { desk: Dashboard; base: string }>()
async function openDesk(name: string): Promise<void> {
  const { years, people, habit: own = habit, note, calls } = desks[name] ?? { years: [] }
  const desk = await openDashboard()
  for (const year of years) keepReport(desk, String(year), reportOf(year, own(year), people))
  if (calls) await write(desk.sql, aYear(now.getTime(), [keys.keyOf('clinician', '', 'ana')], calls))
  const base = await desk.app.listen({ port: 0 })
  open.set(name, { desk, base })
  if (note === undefined) return
  const body = new URLSearchParams({
    ...{ cycle: 'Cards on', phase: 'do', day: note, measure: 'all' },
    words: 'in both clinics, after a lunch with everybody who orders images',
  })
  const headers = { origin: base }
  await fetch(`${base}/quality/changes`, { method: 'POST', body, headers, redirect: 'manual' })
}

const baseOf = (name: string) => open.get(name)?.base ?? ''
beforeAll(async () => {
  for (const name of Object.keys(desks)) await openDesk(name)
})
afterAll(async () => {
  for (const { desk } of open.values()) await desk.close()
})

const pages = [
  '',
  '/cards',
  '/measures/imaging',
  '/clinicians',
  '/clinicians/ana',
  '/looks',
  '/measures/none',
]
const looks = [
  ...pages.map((path) => ['usual', path] as const),
  ...Object.keys(desks)
    .slice(1)
    .flatMap((name) =>
      (desks[name]?.years.length === 0 ? ['', '/cards', '/clinicians'] : ['', '/measures/imaging']).map(
        (path) => [name, path] as const,
      ),
    ),
]

describeInBrowser('the dashboard', (visit) => {
  test.each(looks)('%s: /quality%s narrow and dark, wide and light, and on paper', async (name, path) => {
    const { page, ...found } = await visit(`${baseOf(name)}/quality${path}`, narrowAndDark)
    // That a page is not there the browser itself complains of.
    const isKnown = (each: string) => path === '/measures/none' && each.includes('404')
    const faults = () =>
      faultsOf({ ...found, page, complaints: found.complaints.filter((each) => !isKnown(each)) })
    expect(await faults()).toEqual([])
    await lookAgain(page, wideAndLight)
    expect(await faults()).toEqual([])
    expect(await faultsOnPaper(page)).toEqual([])
    await page.context().close()
  })

  test.each([
    ['usual', 'No sign yet that it moved'],
    ['three years, and worse', 'for the worse'],
    ['too early', 'Too early to tell'],
    ['nothing yet', 'No report yet'],
    ['few people, so that months are hidden', 'of too few people to be shown'],
    ['one year, no note', 'Median'],
  ])('%s is told in words', async (name, words) => {
    expect(await (await fetch(`${baseOf(name)}/quality`)).text()).toContain(words)
  })

  test('the numbers behind a summary that nobody opened are printed, too', async () => {
    const { page } = await visit(`${baseOf('usual')}/quality/measures/imaging`)
    const printed = await getDocumentProxy(new Uint8Array(await page.pdf({ preferCSSPageSize: true })))
    const { text } = await extractText(printed, { mergePages: true })
    expect(text).toContain('Limits of chance')
    expect(text).toContain('2024-03')
    await page.context().close()
  })

  test('a lead writes a note with a keyboard alone', async () => {
    const { page } = await visit(`${baseOf('one year, no note')}/quality`)
    await page.getByLabel('Name of the change').fill('A second look')
    await page.getByLabel('Day', { exact: true }).fill('2025-06-01')
    await page.getByRole('button', { name: 'Write it down' }).press('Enter')
    await page.waitForURL(/#changes$/)
    expect(await page.locator('table', { hasText: 'A second look' }).count()).toBeGreaterThan(0)
    await page.context().close()
  })
})
