/** The dashboard in the tour: two invented years, in the second of which clinicians order fewer images, and what a lead wrote down. */
import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import type { BrowserContextOptions, Page } from 'playwright-core'

/** One picture of the tour. */
export interface Stop {
  name: string
  /** A path, or the query of the sandbox. */
  address: string
  options: BrowserContextOptions
  /** What is done on the page before the picture is taken. */
  act?: (page: Page) => Promise<void>
}

const root = resolve(import.meta.dirname, '..')
const years = [
  { year: '2024', imaging: '1', seed: '11' },
  { year: '2025', imaging: '0.65', seed: '12' },
]

/** By the commands that the page of the dashboard tells, so that they are shown to lead there. */
export async function twoYears(reports: string): Promise<void> {
  const made = mkdtempSync(join(tmpdir(), 'lumbar-tour-export-'))
  const run = (command: string, ...words: string[]) =>
    execFileSync(process.execPath, ['--import', './start.js', `population/${command}.ts`, ...words], {
      cwd: root,
      stdio: 'ignore',
    })
  try {
    for (const { year, imaging, seed } of years) {
      const out = join(made, year)
      run(
        'population',
        '--patients',
        '12000',
        '--seed',
        seed,
        '--year',
        year,
        '--imaging',
        imaging,
        '--out',
        out,
      )
      run('report', '--from', out, '--year', year, '--out', join(reports, year))
    }
  } finally {
    rmSync(made, { recursive: true, force: true })
  }
}

export async function writeDown(url: string): Promise<void> {
  const notes = [
    { phase: 'plan', day: '2024-11-18', words: 'Fewer images in the first six weeks' },
    { phase: 'do', day: '2025-01-06', words: 'Cards are shown in all clinics' },
    { phase: 'study', day: '2025-08-04', words: 'Seven months below the median' },
  ]
  for (const note of notes)
    await fetch(`${url}/quality/changes`, {
      method: 'POST',
      redirect: 'manual',
      headers: { origin: url },
      body: new URLSearchParams({ ...note, cycle: 'Cards for imaging', measure: 'imaging-42' }),
    })
}

export const qualityStops: readonly Stop[] = [
  {
    name: '6-quality',
    address: '/quality',
    options: { viewport: { width: 1000, height: 640 } },
    act: async (page) => page.locator('#imaging-42').evaluate((heading) => heading.scrollIntoView()),
  },
  {
    name: '7-quality-gaps',
    address: '/quality/measures/imaging-42',
    options: { viewport: { width: 1000, height: 700 } },
    act: async (page) =>
      page
        .locator('figure')
        .nth(1)
        .evaluate((figure) => figure.scrollIntoView()),
  },
]
