/** Chromium for tests, with an empty profile and this machine as its whole world. */
import { existsSync } from 'node:fs'
import { type Browser, type BrowserContextOptions, chromium, type Page } from 'playwright-core'
import { describe, it } from 'vitest'

const placesOfWhole = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome']
/** The same engine without windows: a page costs it less than half. */
const placesOfShell = ['/usr/bin/chromium-headless-shell', ...placesOfWhole]

const firstOf = (places: readonly string[]) =>
  [process.env.CHROMIUM, ...places].find((place) => place !== undefined && existsSync(place))

const missing =
  'No Chromium was found. Install it (Debian: apt-get install chromium), or name it in the variable CHROMIUM.'

const flags = [
  '--headless',
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  // As strict browsers do; some builds do it by themselves.
  '--test-third-party-cookie-phaseout',
  // Nothing leaves this machine: no other name or address is found.
  '--host-resolver-rules=MAP * ~NOTFOUND , EXCLUDE 127.0.0.1 , EXCLUDE localhost , EXCLUDE [::1]',
  // A process for each page is most of what a page costs; sites that must not share one still do not.
  '--renderer-process-limit=1',
]

/** A page, and what it did that a page of ours should not. */
export interface Visit {
  page: Page
  /** Lines in the console that are warnings or errors, and exceptions. */
  complaints: string[]
  /** Requests to other machines; they reach nobody. */
  strays: string[]
}

type Open = (address: string, options?: BrowserContextOptions) => Promise<Visit>

/** Tests in a browser. Without one they are skipped, and in CI they fail: there nobody reads what was skipped. */
export const describeInBrowser = (name: string, tests: (open: Open) => void): void =>
  describeIn(firstOf(placesOfShell), name, tests)

/** In Chromium with all that it has around pages: only that knows which cookies it should block. */
export const describeInWholeBrowser = (name: string, tests: (open: Open) => void): void =>
  describeIn(firstOf(placesOfWhole), name, tests)

function describeIn(executable: string | undefined, name: string, tests: (open: Open) => void): void {
  if (executable === undefined) {
    if (process.env.CI === 'true') it(`${name}: a browser is there`, () => Promise.reject(new Error(missing)))
    else it.skip(`${name}: ${missing}`)
    return
  }
  describe(name, () =>
    tests(async (address, options) => visit(await browserFrom(executable), address, options)),
  )
}

const started = new Map<string, Promise<Browser>>()
/**
 * One for all files of a worker, which are in a lane without isolation; each visit has an empty profile. It ends with
 * its worker.
 */
function browserFrom(executablePath: string): Promise<Browser> {
  const browser =
    started.get(executablePath) ?? chromium.launch({ executablePath, args: flags, timeout: 60_000 })
  started.set(executablePath, browser)
  return browser
}

async function visit(browser: Browser, address: string, options: BrowserContextOptions = {}): Promise<Visit> {
  const context = await browser.newContext(options)
  const complaints: string[] = []
  const strays: string[] = []
  context.on('request', (request) => {
    if (!isHere(request.url())) strays.push(request.url())
  })
  const page = await context.newPage()
  page.on('console', (line) => {
    if (['warning', 'error'].includes(line.type())) complaints.push(line.text())
  })
  page.on('pageerror', (error) => complaints.push(error.message))
  await page.goto(address)
  return { page, complaints, strays }
}

const isHere = (url: string) => /^(data:|https?:\/\/(127\.0\.0\.1|localhost|\[::1\])[:/])/.test(url)
