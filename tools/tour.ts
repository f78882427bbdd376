/**
 * `npm run tour`: makes the pictures of `docs/tour` from the running sandbox and the dashboard, so that they show
 * what they look like now; `-- --only quality,report` those whose names have one of these.
 */
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { type Browser, chromium } from 'playwright-core'
import { readArguments } from '../src/cli/arguments.ts'
import { asked } from '../src/cli/run.ts'
import { startService } from '../tests/support/service.ts'
import { withFewColours } from './png.ts'
import { qualityStops, type Stop, twoYears, writeDown } from './tour-quality.ts'

const { only } = asked((words) => readArguments(words, { only: { type: 'string', default: '' } }, 0).values)
const wanted = ({ name }: Stop) => only.split(',').some((part) => name.includes(part))
const folder = 'docs/tour'

/** Bytes: they are part of the repository. */
const largest = 150_000

const wide = { viewport: { width: 1280, height: 800 } }
const scan = 'patient=acute-week-two&order=lumbar-mri'

const stops: readonly Stop[] = [
  { name: '1-card', address: scan, options: wide },
  {
    name: '2-referral',
    address: scan,
    options: wide,
    act: async (page) => {
      // The scan must go too: while it is drafted, its card comes again at signing.
      for (const label of ['Refer to physical therapy', 'Remove this order and give back-pain education']) {
        await page.getByRole('button', { name: label }).first().click()
        await page.locator('.said-good', { hasText: label }).waitFor()
      }
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
  // A busy machine takes its time.
  context.setDefaultTimeout(180_000)
  const page = await context.newPage()
  await page.goto(addressOf(address, url))
  await act?.(page)
  const png = withFewColours(await page.screenshot())
  await context.close()
  if (png.length > largest)
    throw new Error(`${name} has ${png.length} bytes, and should have less than ${largest}`)
  const path = `${folder}/${name}.png`
  writeFileSync(path, png)
  return `${path} ${Math.round(png.length / 1000)} kB`
}

function addressOf(address: string, url: string): string {
  if (address.startsWith('file:')) return pathToFileURL(join(made, address.slice('file:'.length))).href
  return `${url}${address.startsWith('/') ? address : `/sandbox?${address}`}`
}

const places = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome']
const executablePath = process.env.CHROMIUM ?? places.find((place) => existsSync(place))
if (!executablePath)
  throw new Error('No Chromium was found. Install it, or name it in the variable CHROMIUM.')
mkdirSync(folder, { recursive: true })
/** Reports and a rehearsal, as commands write them. */
const made = mkdtempSync(join(tmpdir(), 'lumbar-tour-'))
const reports = join(made, 'quality')
const service = await startService(
  {},
  { NODE_ENV: 'development', LOG_LEVEL: 'info', QUALITY_REPORTS: reports },
)
// Letters without coloured edges take half the bytes.
const args = ['--no-sandbox', '--disable-gpu', '--disable-lcd-text']
const browser = await chromium.launch({ executablePath, args })
try {
  for (const stop of stops.filter(wanted)) console.log(await picture(browser, service.url, stop))
  const ofQuality = qualityStops.filter(wanted)
  if (ofQuality.length > 0) {
    twoYears(reports, join(made, 'rehearsal'))
    await writeDown(service.url)
  }
  for (const stop of ofQuality) console.log(await picture(browser, service.url, stop))
} finally {
  await browser.close()
  await service.stop()
  rmSync(made, { recursive: true })
}
