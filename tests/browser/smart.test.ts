/** The SMART app where it lives: in frames of another site, with third-party cookies blocked, two charts at a time. */
import { once } from 'node:events'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Frame, Page } from 'playwright-core'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { type Hospital, openHospital } from '../smart/support.ts'
import { findings } from './axe.ts'
import { describeInBrowser, describeInWholeBrowser } from './browser.ts'
import { lookAgain } from './looks.ts'

const patience = 120_000

/** An EHR's page, of another site than the app: it shows the addresses that it is asked for in frames. */
async function ehrPage(): Promise<{ server: Server; origin: string }> {
  const server = createServer((request, response) => {
    const frames = new URL(request.url ?? '/', 'http://x').searchParams.getAll('frame')
    const shown = frames.map((src) => `<iframe title="App" src="${src.replaceAll('&', '&amp;')}"></iframe>`)
    response.setHeader('content-type', 'text/html').end(`<!doctype html><title>EHR</title>${shown.join('')}`)
  }).listen(0, 'localhost')
  await once(server, 'listening')
  return { server, origin: `http://localhost:${(server.address() as AddressInfo).port}` }
}

/** Sets a cookie as most apps do, and shows what comes back: the proof that such cookies are blocked here. */
async function oldApp(): Promise<{ server: Server; url: string }> {
  const server = createServer((request, response) => {
    response.setHeader('set-cookie', 'old=1; Path=/; Secure; HttpOnly; SameSite=None')
    if (request.url === '/') return response.writeHead(302, { location: '/shown' }).end()
    return response
      .setHeader('content-type', 'text/html')
      .end(`<!doctype html><title>Old</title><p>${request.headers.cookie ?? 'no cookie'}</p>`)
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  return { server, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/` }
}

let ehr: Awaited<ReturnType<typeof ehrPage>>
let stranger: Awaited<ReturnType<typeof ehrPage>>
let old: Awaited<ReturnType<typeof oldApp>>
let hospital: Hospital
beforeAll(async () => {
  ;[ehr, stranger, old] = await Promise.all([ehrPage(), ehrPage(), oldApp()])
  hospital = await openHospital({ ehr: { 'frame-ancestors': [ehr.origin] } })
})
afterAll(async () => {
  for (const { server } of [ehr, stranger, old]) server.close()
  await hospital.close()
})

const launchUrl = (patient: string, more: object = {}) => {
  const launch = hospital.simulator.newLaunch({ patient, ...more })
  return `${hospital.base}/smart/launch?${new URLSearchParams({ iss: hospital.iss, launch })}`
}
const inFrames = (origin: string, ...urls: string[]) =>
  `${origin}/?${urls.map((url) => `frame=${encodeURIComponent(url)}`).join('&')}`
const words = (where: Frame | Page) => where.locator('body').innerText()

async function frameAt(page: Page, at: number): Promise<Frame> {
  const frame = page.mainFrame().childFrames()[at]
  if (!frame) throw new Error(`the page has no frame ${at}`)
  await frame.waitForLoadState()
  return frame
}

describeInWholeBrowser('The SMART app in a frame', (open) => {
  it('F14: opens in a frame of another site, where cookies of third parties are blocked', {
    timeout: patience,
  }, async () => {
    const { page } = await open(inFrames(ehr.origin, launchUrl('p1'), old.url))
    const [app, control] = [await frameAt(page, 0), await frameAt(page, 1)]
    await expect.poll(() => words(app)).toContain('Ada Alpha')
    // Ports share their cookies: that of the sign-in may be there too.
    expect(await words(control)).not.toContain('old=1')
    await page.goto(old.url)
    expect(await words(page)).toContain('old=1')
    await page.context().close()
  })
})

describeInBrowser('The SMART app in a browser', (open) => {
  it('F9: shows two charts side by side, and never one for the other, also when reloaded', {
    timeout: patience,
  }, async () => {
    const { page } = await open(inFrames(ehr.origin, launchUrl('p1'), launchUrl('p2')))
    const frames = [await frameAt(page, 0), await frameAt(page, 1)] as const
    const both = () => Promise.all(frames.map(words))
    const [ada, ben] = [expect.stringContaining('Ada Alpha'), expect.stringContaining('Ben Beta')]
    await expect.poll(both).toEqual([ada, ben])
    for (const frame of [frames[1], frames[0], frames[1]]) {
      await frame.goto(frame.url())
      expect(await both()).toEqual([ada, ben])
    }
    expect((await both())[0]).not.toContain('Ben Beta')
    await page.context().close()
  })

  it('F9: shows the chart of each address when a person goes back and forth between two', {
    timeout: patience,
  }, async () => {
    const { page } = await open(launchUrl('p1'))
    expect(await words(page)).toContain('Ada Alpha')
    await page.goto(launchUrl('p2'))
    expect(await words(page)).toContain('Ben Beta')
    await page.goBack()
    expect(await words(page)).toContain('Ada Alpha')
    await page.goForward()
    expect(await words(page)).toContain('Ben Beta')
    await page.reload()
    expect(await words(page)).toContain('Ben Beta')
    await page.context().close()
  })

  it('shows nothing in a frame of a page that is not listed', { timeout: patience }, async () => {
    const { page } = await open(inFrames(stranger.origin, launchUrl('p1')))
    await expect.poll(() => page.mainFrame().childFrames()[0]?.url()).toMatch(/^chrome-error:/)
    await page.context().close()
  })

  it('keeps a launch in the frame where it was opened: a tab of its own does not know it', {
    timeout: patience,
  }, async () => {
    const { page } = await open(inFrames(ehr.origin, launchUrl('p1')))
    const frame = await frameAt(page, 0)
    await expect.poll(() => words(frame)).toContain('Ada Alpha')
    const tab = await page.context().newPage()
    await tab.goto(frame.url())
    expect(await words(tab)).toContain('This page has ended')
    await page.context().close()
  })

  it('says in a frame what went wrong', { timeout: patience }, async () => {
    const { page } = await open(
      inFrames(ehr.origin, `${hospital.base}/smart/launch?iss=https://other.example.org&launch=x`),
    )
    const frame = await frameAt(page, 0)
    await expect.poll(() => words(frame)).toContain('This EHR is not registered')
    await page.context().close()
  })

  const looks = [
    { name: 'wide', by: 'all', viewport: { width: 1280, height: 900 } },
    { name: 'dark', by: 'colours', viewport: { width: 1280, height: 900 }, colorScheme: 'dark' },
    { name: 'narrow', by: 'all', viewport: { width: 320, height: 640 } },
  ] as const

  it('has plain pages without a fault that axe can see: wide, dark, narrow', {
    timeout: patience,
  }, async () => {
    for (const url of [
      launchUrl('p1', { encounter: 'e1', intent: 'handout' }),
      `${hospital.base}/smart/launch`,
      `${hospital.base}/smart/standalone`,
    ]) {
      const { page, complaints, strays } = await open(url)
      for (const look of looks) {
        await lookAgain(page, look)
        expect(await findings(page, look.by), `${url} ${look.name}`).toEqual([])
        expect(await page.locator('html').evaluate((html) => html.scrollWidth)).toBeLessThanOrEqual(
          look.viewport.width,
        )
      }
      expect(strays).toEqual([])
      expect(complaints.filter((line) => !line.includes('status of 400'))).toEqual([])
      await page.context().close()
    }
  })
})
