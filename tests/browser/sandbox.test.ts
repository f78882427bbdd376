/** The sandbox as a developer meets it in the first minutes: a deep link, a card, a click, a signature. */
import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import type { BrowserContextOptions, Page } from 'playwright-core'
import { afterAll, beforeAll, expect, it, vi } from 'vitest'
import { type Service, startService } from '../support/service.ts'
import { sampleOf } from '../support/sweep.ts'
import { findings } from './axe.ts'
import { describeInBrowser, type Visit } from './browser.ts'
import { lookAgain } from './looks.ts'

let service: Service
beforeAll(async () => {
  // A busy machine is no reason to read less.
  service = await startService({ fhir: { 'deadline-ms': 10_000 } }, { NODE_ENV: 'development' })
})
afterAll(() => service.stop())

vi.setConfig({ testTimeout: 120_000 })
const wide = { width: 1280, height: 900 }
const narrow = { width: 320, height: 640 }

/** A busy machine is no fault of the page. */
const eventually = <T>(read: () => T) => expect.poll(read, { timeout: 20_000 })

const notNow = /Acute low back pain, no red flag found/
const drafts = (page: Page) => page.locator('#drafts .draft-name')
const cards = (page: Page) => page.locator('.advice article h4')
const said = (page: Page) => page.locator('#said')
const openDrawer = (page: Page) => page.locator('#developer > summary').click()
const press = (page: Page, name: string | RegExp) => page.getByRole('button', { name }).first().click()

describeInBrowser('The sandbox in a browser', (open) => {
  const chart = (query: string, options: BrowserContextOptions = { viewport: wide }): Promise<Visit> =>
    open(`${service.url}/sandbox?${query}`, options)
  const aScan = 'patient=acute-week-two&order=lumbar-mri'
  const openedDrawer = async () => {
    const { page } = await chart(aScan)
    await openDrawer(page)
    return page
  }
  const close = ({ page }: Visit) => page.context().close()

  it('shows the card of a deep link at once, and signs the referral that was taken up instead', async () => {
    const visit = await chart(aScan)
    const { page } = visit
    expect(await cards(page).first().textContent()).toMatch(notNow)
    expect(await drafts(page).allTextContents()).toEqual(['MRI of the lumbar spine without contrast'])
    await press(page, 'Remove this order and give back-pain education')
    await eventually(() => drafts(page).allTextContents()).not.toContain(
      'MRI of the lumbar spine without contrast',
    )
    const [taken = ''] = await drafts(page).allTextContents()
    expect(await said(page).textContent()).toContain('give back-pain education')
    await press(page, /^Sign/)
    await eventually(() => said(page).textContent()).toContain(`Signed: ${taken}`)
    expect(await page.locator('#orders .what').allTextContents()).toContain(taken)
    expect(visit.complaints).toEqual([])
    expect(visit.strays).toEqual([])
    await close(visit)
  })

  it('works the same without JavaScript', async () => {
    const visit = await chart('patient=acute-sciatica&order=lumbar-mri', {
      viewport: wide,
      javaScriptEnabled: false,
    })
    const { page } = visit
    await press(page, /refer to physical therapy/)
    await eventually(() => drafts(page).allTextContents()).toEqual(['Physical therapy for low back pain'])
    await press(page, /^Sign/)
    await eventually(() => said(page).textContent()).toContain('Signed')
    await close(visit)
  })

  it('asks before orders are signed that a card speaks against, and signs them all the same when told to', async () => {
    const { page } = await chart('patient=subacute-no-care&order=lumbar-mri')
    await press(page, /^Sign/)
    await eventually(() => page.locator('#review').textContent()).toContain('Not signed yet')
    expect(await page.getByRole('heading', { name: 'Before you sign' }).count()).toBe(1)
    await page.locator('#sign').click()
    await eventually(() => said(page).textContent()).toContain('Signed: MRI of the lumbar spine')
    await page.context().close()
  })

  it('puts a card away with a reason and a comment, and shows what the service is told', async () => {
    const { page } = await chart(aScan)
    await page.locator('.override summary').first().click()
    await page.getByLabel('Red flag present, not in the record').check()
    await page.getByLabel('Comment').first().fill('Saddle numbness since this morning')
    await press(page, 'Put away')
    await eventually(() => page.locator('.card-away .away').first().textContent()).toContain(
      'Red flag present',
    )
    await openDrawer(page)
    await page.locator('#feedback-1 summary').click()
    const body = JSON.parse((await page.locator('#feedback-1 pre').textContent()) ?? '')
    expect(body.feedback[0]).toMatchObject({
      outcome: 'overridden',
      overrideReason: {
        reason: { code: 'red-flag-not-in-record', system: 'urn:lumbar:override-reason' },
        userComment: 'Saddle numbness since this morning',
      },
    })
    await page.context().close()
  })

  it('is an Epic when asked: one action to a suggestion, ticked, in a call of Epic’s shape', async () => {
    const { page } = await chart(`${aScan}&profile=epic`)
    await openDrawer(page)
    await page.locator('#fold-request > summary').click()
    const request = JSON.parse((await page.locator('#fold-request pre').textContent()) ?? '')
    expect(request.extension['com.epic.cdshooks.request.bpa-trigger-action']).toBe('18')
    expect(request.context.draftOrders.entry[0].resource.id.length).toBeGreaterThan(180)
    await page.locator('#fold-token > summary').click()
    expect(await page.locator('#fold-token pre').textContent()).toContain('RS384')
    const ticks = page.locator('.tick input')
    await ticks.nth(0).check()
    await ticks.nth(1).check()
    await press(page, 'Accept what is ticked')
    await eventually(() => said(page).textContent()).toContain('Done')
    expect(await drafts(page).allTextContents()).not.toContain('MRI of the lumbar spine without contrast')
    await page.context().close()
  })

  it('PF-10: gives the same card when a key is left out, which the service then reads itself', async () => {
    const page = await openedDrawer()
    await page.getByLabel('conditions').selectOption('withhold')
    await press(page, 'Apply and call again')
    await eventually(() => page.locator('.prefetch').textContent()).toContain('left out')
    expect(await cards(page).first().textContent()).toMatch(notNow)
    await page.context().close()
  })

  it('PF-14: says what could not be checked, and nothing against the scan, when encounters fail', async () => {
    const page = await openedDrawer()
    await page.getByLabel('encounters', { exact: true }).selectOption('fail')
    await press(page, 'Apply and call again')
    await eventually(() => page.locator('.prefetch').textContent()).toContain('the query failed')
    expect(await cards(page).first().textContent()).toContain('could not check this chart: data was missing')
    expect(await cards(page).allTextContents()).not.toContainEqual(expect.stringMatching(notNow))
    await page.context().close()
  })

  it('PF-14: asks for what a list that failed might have held, when procedures fail', async () => {
    const page = await openedDrawer()
    await page.getByLabel('procedures', { exact: true }).selectOption('fail')
    await press(page, 'Apply and call again')
    await eventually(() => page.locator('.prefetch').textContent()).toContain('the query failed')
    const card = await page.locator('.advice article').first().textContent()
    expect(card).toContain('Ask, because')
    expect(card).toContain('earlier lumbar surgery')
    await page.context().close()
  })

  it('PF-12: says why the service refused a call without the patient and without a way to read it', async () => {
    const page = await openedDrawer()
    await page.getByLabel('patient', { exact: true }).selectOption('withhold')
    await page.getByLabel('The service may read the FHIR server').uncheck()
    await press(page, 'Apply and call again')
    await eventually(() => said(page).textContent()).toContain('412: prefetch patient did not come')
    await page.context().close()
  })

  it('opens the app of a card’s SMART link, with the patient of the chart', async () => {
    const { page } = await chart('patient=acute-sciatica&order=lumbar-mri')
    const opened = page.context().waitForEvent('page')
    await page.locator('.links .smart').first().click()
    const app = await opened
    await eventually(() => app.locator('body').textContent()).toContain('Daniel Lindqvist')
    await page.context().close()
  })

  it('opens the SMART app with the chart that is open', async () => {
    const visit = await chart('patient=foot-drop')
    const { page } = visit
    const opened = page.context().waitForEvent('page')
    await page.getByRole('link', { name: 'Open the Lumbar app' }).click()
    const app = await opened
    await eventually(() => app.locator('body').textContent()).toContain('Marcus Adeyemi')
    expect(visit.strays).toEqual([])
    await close(visit)
  })

  it('tells of an opened chart in each browser, and again after a new start', async () => {
    const visit = await chart('patient=sedative-and-back-pain')
    const { page } = visit
    const advice = () => page.locator('.advice').textContent()
    const opened = 'When the chart was opened'
    await press(page, 'Start over')
    await eventually(advice).toContain(opened)
    await page.reload()
    await eventually(advice).toContain(opened)
    const other = await chart('patient=sedative-and-back-pain')
    await eventually(() => other.page.locator('.advice').textContent()).toContain(opened)
    await press(page, 'Start over')
    await eventually(advice).toContain(opened)
    await close(visit)
    await close(other)
  })

  it('copies the call as a command that a shell runs and the service answers', async () => {
    const { page } = await chart(aScan, {
      viewport: wide,
      permissions: ['clipboard-read', 'clipboard-write'],
    })
    await openDrawer(page)
    await page.locator('#fold-curl > summary').click()
    await page.locator('#fold-curl [data-copy]').click()
    await eventually(() => page.locator('#say').textContent()).toBe('Copied.')
    const command = (await page.locator('#fold-curl pre').textContent()) ?? ''
    const { stdout } = await promisify(execFile)('sh', ['-c', command])
    expect(JSON.parse(stdout).cards[0].summary).toMatch(notNow)
    await page.context().close()
  })

  it('finds an order by words, changes it, and asks again', async () => {
    const visit = await chart('patient=sedative-and-back-pain')
    const { page } = visit
    await page.getByLabel('Search imaging and medicines').fill('oxycodone 15')
    await eventually(() => page.locator('.results-title').textContent()).toContain('found')
    await page.locator('#results button').first().click()
    await eventually(() => drafts(page).count()).toBe(1)
    await page.getByLabel(/^Dose/).fill('2')
    await page.getByLabel('How often').selectOption('every 4 hours')
    await page.getByLabel('Supply (days)').fill('30')
    await press(page, 'Update the draft')
    await eventually(() => page.locator('.draft-line').textContent()).toContain('every 4 hours')
    expect(await page.locator('.draft-line').textContent()).toContain('30 days')
    expect(await cards(page).count()).toBeGreaterThan(0)
    expect(visit.complaints).toEqual([])
    await close(visit)
  })

  it('can be worked from search to signature with the keyboard alone', async () => {
    const { page } = await chart('patient=chronic-flare')
    const { keyboard } = page
    await tabTo(page, 'order-search')
    await keyboard.type('lumbar mri')
    await eventually(() => page.locator('.results-title').textContent()).toContain('found')
    await keyboard.press('ArrowDown')
    await keyboard.press('Enter')
    await eventually(() => drafts(page).count()).toBe(1)
    await eventually(() => page.locator('#say').textContent()).toContain('card')
    const taken = page.locator('.suggestion button').first()
    const label = await taken.textContent()
    await taken.focus()
    await keyboard.press('Enter')
    await eventually(() => said(page).textContent()).toContain(label)
    expect(await focusedId(page)).toBe('said')
    await page.context().close()
  })

  const queries = ['', aScan, 'patient=nobody', 'patient=cauda-equina&order=lumbar-mri&hook=order-sign']
  const looks = [
    { name: 'light', by: 'all', viewport: wide, looked: queries },
    { name: 'dark', by: 'colours', viewport: wide, colorScheme: 'dark', looked: sampleOf(queries, 2, 1) },
    { name: 'narrow', by: 'all', viewport: narrow, looked: sampleOf(queries, 2, 1) },
  ] as const

  it.each(queries)(
    'has no fault that axe can see, light, dark and narrow, and fits each width: "%s"',
    {
      timeout: 240_000,
    },
    async (query) => {
      const visit = await chart(query)
      const { page } = visit
      for (const fold of await page.locator('#developer > summary, .drawer-main details > summary').all())
        await fold.click()
      for (const look of looks.filter(({ looked }) => looked.includes(query))) {
        await lookAgain(page, look)
        expect(await findings(page, look.by), look.name).toEqual([])
      }
      expect([...visit.complaints, ...visit.strays]).toEqual([])
      await close(visit)
    },
  )
})

const focusedId = (page: Page) =>
  page.locator('body').evaluate((body) => body.ownerDocument.activeElement?.id)

async function tabTo(page: Page, id: string): Promise<void> {
  for (let stop = 0; stop < 80; stop++) {
    await page.keyboard.press('Tab')
    if ((await focusedId(page)) === id) return
  }
  throw new Error(`the keyboard does not reach ${id}`)
}
