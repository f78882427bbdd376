/** `npm run tour`: makes the pictures of `docs/tour` from the running sandbox, so that they show what it looks like now. */
import { existsSync, mkdirSync, writeFileSync } from 'node:fs'
import { type Browser, type BrowserContextOptions, chromium, type Page } from 'playwright-core'
import { readArguments } from '../src/cli/arguments.ts'
import { asked } from '../src/cli/run.ts'
import { startService } from '../tests/support/service.ts'
import { withFewColours } from './png.ts'

asked((words) => readArguments(words, {}, 0))
const folder = 'docs/tour'

/** Bytes: they are part of the repository. */
const largest = 150_000

interface Stop {
  name: string
  address: string
  options: BrowserContextOptions
  /** What is done on the page before the picture is taken. */
  act?: (page: Page) => Promise<void>
}

const wide = { viewport: { width: 1280, height: 800 } }
const scan = 'patient=acute-week-two&order=lumbar-mri'

const stops: readonly Stop[] = [
  { name: '1-card', address: scan, options: wide },
  {
    name: '2-referral',
    address: scan,
    options: wide,
    act: async (page) => {
      const referring = page.getByRole('button', { name: /refer to physical therapy/i })
      await referring.first().click()
      await page.locator('.said-good').waitFor()
      await page.locator('#sign').click()
      await page.locator('.signed').waitFor()
    },
  },
  {
    name: '3-emergency',
    address: 'patient=cauda-equina&order=lumbar-xray&hook=order-sign',
    options: { ...wide, colorScheme: 'dark' },
  },
  {
    name: '4-drawer',
    address: 'patient=acute-sciatica&order=lumbar-mri',
    options: wide,
    act: async (page) => {
      await page.locator('#developer > summary').click()
      await page.locator('.drawer').evaluate((drawer) => drawer.scrollIntoView())
    },
  },
  {
    name: '5-phone',
    address: 'patient=acute-sciatica&order=lumbar-mri',
    options: { viewport: { width: 360, height: 720 } },
  },
]

async function picture(
  browser: Browser,
  url: string,
  { name, address, options, act }: Stop,
): Promise<string> {
  const context = await browser.newContext(options)
  const page = await context.newPage()
  await page.goto(`${url}/sandbox?${address}`)
  await act?.(page)
  const png = withFewColours(await page.screenshot())
  await context.close()
  if (png.length > largest)
    throw new Error(`${name} has ${png.length} bytes, and should have less than ${largest}`)
  const path = `${folder}/${name}.png`
  writeFileSync(path, png)
  return `${path} ${Math.round(png.length / 1000)} kB`
}

const places = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome']
const executablePath = process.env.CHROMIUM ?? places.find((place) => existsSync(place))
if (!executablePath)
  throw new Error('No Chromium was found. Install it, or name it in the variable CHROMIUM.')
mkdirSync(folder, { recursive: true })
const service = await startService({}, { NODE_ENV: 'development', LOG_LEVEL: 'info' })
// Letters without coloured edges take half the bytes.
const args = ['--no-sandbox', '--disable-gpu', '--disable-lcd-text']
const browser = await chromium.launch({ executablePath, args })
try {
  for (const stop of stops) console.log(await picture(browser, service.url, stop))
} finally {
  await browser.close()
  await service.stop()
}
