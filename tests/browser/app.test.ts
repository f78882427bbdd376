/** The handout and the checklist as a clinician meets them: from a card, wide, narrow, dark, by keyboard, on paper. */
import { once } from 'node:events'
import { createServer as createHttpServer, type Server } from 'node:http'
import { type AddressInfo, createServer } from 'node:net'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { type Service, startService } from '../support/service.ts'
import { findings } from './axe.ts'
import { describeInBrowser, describeInWholeBrowser } from './browser.ts'
import { lookAgain } from './looks.ts'

let service: Service
beforeAll(async () => {
  service = await startService({}, { NODE_ENV: 'development' })
}, 90_000)
afterAll(() => service.stop())

const patience = 120_000
const wide = { width: 1280, height: 900 }
const narrow = { width: 320, height: 640 }
const looks = [
  { name: 'wide', by: 'all', viewport: wide },
  { name: 'narrow, as at 400 % zoom', by: 'all', viewport: narrow },
  { name: 'dark', by: 'colours', viewport: wide, colorScheme: 'dark' },
] as const

async function launchUrl(patient: string, appContext: object = {}, at = service.url): Promise<string> {
  const base = `${at}/sandbox/fhir`
  const answer = await fetch(`${base}/_services/smart/Launch`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({
      launchUrl: `${at}/smart/launch`,
      parameters: { patient, appContext: JSON.stringify(appContext) },
    }),
  })
  const { launch_id: launch } = (await answer.json()) as { launch_id: string }
  return `${at}/smart/launch?${new URLSearchParams({ iss: base, launch })}`
}

const overflows = (page: Page) => page.locator('html').evaluate((html) => html.scrollWidth - html.clientWidth)

/** A port that was free a moment ago: the EHR is registered before the service listens. */
async function freePort(): Promise<number> {
  const probe = createServer().listen(0, '127.0.0.1')
  await once(probe, 'listening')
  const { port } = probe.address() as AddressInfo
  probe.close()
  await once(probe, 'close')
  return port
}

/** An EHR of another site than the app, with the app in a frame. */
async function framing(): Promise<{ server: Server; origin: string }> {
  const server = createHttpServer((request, response) => {
    const src = new URL(request.url ?? '/', 'http://ehr').searchParams.get('frame') ?? ''
    response
      .setHeader('content-type', 'text/html')
      .end(
        `<!doctype html><title>EHR</title><iframe title="App" src="${src.replaceAll('&', '&amp;')}"></iframe>`,
      )
  }).listen(0, 'localhost')
  await once(server, 'listening')
  return { server, origin: `http://localhost:${(server.address() as AddressInfo).port}` }
}

describeInWholeBrowser('The app in a frame of an EHR', (open) => {
  it('goes from launch to a printed, saved handout where cookies of third parties are blocked', {
    timeout: patience,
  }, async () => {
    const ehr = await framing()
    const port = await freePort()
    const own = `http://127.0.0.1:${port}`
    const iss = `${own}/sandbox/fhir`
    const registered = { iss, name: 'Sandbox', client: { id: 'lumbar', type: 'public' } }
    const framed = await startService(
      { smart: { 'public-url': own, ehrs: [{ ...registered, 'frame-ancestors': [ehr.origin] }] } },
      { NODE_ENV: 'development', PORT: String(port) },
    )
    try {
      const url = await launchUrl('acute-sciatica', { order: 'lumbar-imaging' }, own)
      const { page } = await open(`${ehr.origin}/?frame=${encodeURIComponent(url)}`, { viewport: wide })
      const app = page.frameLocator('iframe')
      await expect.poll(() => app.locator('article.handout h1').textContent()).toBe('Your low back pain')
      const href = await app.getByRole('link', { name: 'Print' }).getAttribute('href')
      const [print] = await Promise.all([
        page.context().waitForEvent('page'),
        app.getByRole('link', { name: 'Print' }).click(),
      ])
      await print.waitForLoadState()
      expect(new URL(print.url()).pathname).toBe(href)
      expect(await print.locator('article.handout h1').textContent()).toBe('Your low back pain')
      await app.getByRole('button', { name: 'Save to chart' }).click()
      await expect.poll(() => app.getByRole('status').first().textContent()).toContain('Saved to the chart')
      const saved = await fetch(`${iss}/DocumentReference?patient=acute-sciatica`)
      expect(await saved.json()).toMatchObject({ total: 1 })
      await page.context().close()
    } finally {
      await framed.stop()
      ehr.server.close()
    }
  })
})

describeInBrowser('The app in a browser', (open) => {
  it('opens from a card with the right handout, prints it elsewhere, makes a PDF and saves it', {
    timeout: patience,
  }, async () => {
    const sandbox = `${service.url}/sandbox?patient=acute-week-two&order=lumbar-mri`
    const { page, complaints, strays } = await open(sandbox, { viewport: wide })
    const context = page.context()
    const [app] = await Promise.all([
      context.waitForEvent('page'),
      page.locator('a.smart', { hasText: 'Patient handout' }).first().click(),
    ])
    app.on('console', (line) => line.type() === 'error' && complaints.push(line.text()))
    await app.waitForLoadState()
    expect(await app.locator('article.handout h1').textContent()).toBe('Your low back pain')
    // Drafted, nine days in, no red flag: the page on scans is in it.
    expect(await app.locator('article.handout').innerText()).toContain('Why no scan yet?')
    const [print] = await Promise.all([
      context.waitForEvent('page'),
      app.getByRole('link', { name: 'Print' }).click(),
    ])
    await print.waitForLoadState()
    expect(await print.locator('article.handout').innerText()).toBe(
      await app.locator('article.handout').innerText(),
    )
    const pdf = await context.request.get(
      `${service.url}${await app.getByRole('link', { name: 'PDF' }).getAttribute('href')}`,
    )
    expect(pdf.headers()['content-type']).toBe('application/pdf')
    expect((await pdf.body()).subarray(0, 5).toString()).toBe('%PDF-')
    await app.getByRole('button', { name: 'Save to chart' }).click()
    await expect.poll(() => app.getByRole('status').first().textContent()).toContain('Saved to the chart')
    expect(complaints).toEqual([])
    expect(strays).toEqual([])
    await context.close()
  })

  it('copies the sentence for the note, or selects it where a frame may not copy', {
    timeout: patience,
  }, async () => {
    const { page } = await open(await launchUrl('acute-week-two'), { viewport: wide })
    await page.getByRole('button', { name: 'Copy' }).click()
    await expect.poll(() => page.locator('[data-copied]').textContent()).toMatch(/Copied|Selected/)
    await page.context().close()
  })

  it('lets the clinician choose another language and other parts, without JavaScript', {
    timeout: patience,
  }, async () => {
    const { page } = await open(await launchUrl('acute-week-two'), {
      viewport: wide,
      javaScriptEnabled: false,
    })
    await page.getByLabel('Language').selectOption('es')
    await page.getByRole('button', { name: 'Show' }).click()
    expect(await page.locator('article.handout').getAttribute('lang')).toBe('es')
    await page.context().close()
  })

  it('has no fault that axe can see: wide, narrow, dark', { timeout: 2 * patience }, async () => {
    const { page, complaints } = await open(await launchUrl('acute-week-two'), { viewport: wide })
    const faultless = async () => {
      for (const look of looks) {
        await lookAgain(page, look)
        expect(await findings(page, look.by), look.name).toEqual([])
        expect(await overflows(page), look.name).toBeLessThanOrEqual(0)
      }
    }
    await faultless()
    await page.getByRole('link', { name: 'Red-flag checklist' }).click()
    await page.waitForLoadState()
    await faultless()
    expect(complaints).toEqual([])
    await page.context().close()
  })

  it('prints the handout and nothing around it', { timeout: patience }, async () => {
    const { page } = await open(await launchUrl('acute-week-two'), { viewport: wide })
    await page.emulateMedia({ media: 'print' })
    expect(await page.locator('.wishes').isVisible()).toBe(false)
    expect(await page.locator('article.handout').isVisible()).toBe(true)
    await page.context().close()
  })

  it('is answered by the keyboard alone, and judges again', { timeout: patience }, async () => {
    const { page } = await open(
      await launchUrl('undated-pain', { order: 'lumbar-imaging', page: 'checklist' }),
      { viewport: wide },
    )
    await page.locator('summary').first().focus()
    await page.keyboard.press('Enter')
    const yes = page.locator('input[name="reply-cauda-equina-sign"][value="yes"]')
    await yes.focus()
    await page.keyboard.press('Space')
    await page.getByRole('button', { name: 'Judge again with these answers' }).first().focus()
    await page.keyboard.press('Enter')
    await expect.poll(() => page.locator('article.advice').first().textContent()).toContain('Cauda equina')
    expect(await page.getByRole('status').textContent()).toContain('The answers count from now on')
    await page.context().close()
  })
})
