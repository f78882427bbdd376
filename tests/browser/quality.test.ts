/** The dashboard in a browser: axe finds nothing, nothing runs, narrow windows do not scroll sideways, and it prints on Letter. */
import { extractText, getDocumentProxy } from 'unpdf'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { aYear, write } from '../quality/ledger.ts'
import { type Dashboard, keepReport, keys, now, openDashboard, reportOf } from '../quality/support.ts'
import { findings } from '../support/axe.ts'
import { describeInBrowser } from '../support/browser.ts'

let desk: Dashboard
let base: string
beforeAll(async () => {
  desk = await openDashboard()
  const habit = (clinician: string, month: number) =>
    0.3 + (clinician === 'ana' ? 0.2 : 0) + (month % 2) * 0.04
  for (const year of [2024, 2025]) keepReport(desk, String(year), reportOf(year, habit))
  await write(desk.sql, aYear(now.getTime(), [keys.keyOf('clinician', '', 'ana')], 2))
  base = await desk.app.listen({ port: 0 })
  const form = new URLSearchParams({
    cycle: 'Cards on',
    phase: 'do',
    day: '2025-02-01',
    measure: 'all',
    words: 'both clinics',
  })
  await fetch(`${base}/quality/changes`, {
    method: 'POST',
    body: form,
    headers: { origin: base },
    redirect: 'manual',
  })
})
afterAll(() => desk.close())

describeInBrowser('the dashboard', (open) => {
  const pages = ['', '/cards', '/clinicians/ana']

  test.each(pages)(
    'axe finds nothing on /quality%s, dark and narrow, and its policy stops nothing',
    async (path) => {
      const options = { colorScheme: 'dark', viewport: { width: 360, height: 740 } } as const
      const { page, complaints, strays } = await open(`${base}/quality${path}`, options)
      for (const details of await page.locator('summary').all()) await details.click()
      expect(await findings(page)).toEqual([])
      expect(await page.evaluate('document.documentElement.scrollWidth')).toBeLessThanOrEqual(360)
      expect([...complaints, ...strays]).toEqual([])
      await page.context().close()
    },
  )

  test('axe finds nothing in the light, and the measure prints on Letter, whole', async () => {
    const { page } = await open(`${base}/quality/measures/imaging`, {
      viewport: { width: 1280, height: 900 },
    })
    expect(await findings(page)).toEqual([])
    const printed = await getDocumentProxy(new Uint8Array(await page.pdf({ preferCSSPageSize: true })))
    const [, , width = 0, height = 0] = (await printed.getPage(1)).view
    expect([width, height]).toEqual([612, 792])
    // The numbers behind a summary that nobody opened are printed, too.
    const { text } = await extractText(printed, { mergePages: true })
    expect(text).toContain('Limits of chance')
    expect(text).toContain('2024-03')
    await page.context().close()
  })

  test('a lead writes a note with a keyboard alone', async () => {
    const { page } = await open(`${base}/quality`)
    await page.getByLabel('Name of the change').fill('A second look')
    await page.getByLabel('Day', { exact: true }).fill('2025-06-01')
    await page.getByRole('button', { name: 'Write it down' }).press('Enter')
    await page.waitForURL(/#changes$/)
    expect(await page.locator('table', { hasText: 'A second look' }).count()).toBeGreaterThan(0)
    await page.context().close()
  })
})
