/** The dashboard in the tour: two invented years, in the second of which clinicians order fewer images, and what a lead wrote down. */
import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import type { BrowserContextOptions, Page } from 'playwright-core'

/** One picture of the tour. */
export interface Stop {
  name: string
  /** A path, the query of the sandbox, or a file that a command wrote: `file:2025/report.html`. */
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

/**
 * By the commands that the page of the dashboard tells, so that they are shown to lead there: reports of two years into
 * folders of `reports`, and into `rehearsal` what the cards would have said in the second.
 */
export function twoYears(reports: string, rehearsal: string): void {
  const made = mkdtempSync(join(tmpdir(), 'lumbar-tour-export-'))
  const run = (command: string, words: Readonly<Record<string, string>>) =>
    execFileSync(
      process.execPath,
      [
        ...['--import', './start.js', `population/${command}.ts`],
        ...Object.entries(words).flatMap(([name, value]) => [`--${name}`, value]),
      ],
      { cwd: root, stdio: 'ignore' },
    )
  try {
    for (const { year, imaging, seed } of years) {
      const from = join(made, year)
      run('population', { patients: '12000', seed, year, imaging, out: from })
      run('report', { from, year, out: join(reports, year) })
    }
    run('rehearse', { from: join(made, '2024'), out: rehearsal })
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

const page = (height: number) => ({ viewport: { width: 1000, height } })
const scrolledTo = (selector: string) => (shown: Page) =>
  shown
    .locator(selector)
    .first()
    .evaluate((place) => place.scrollIntoView())

export const qualityStops: readonly Stop[] = [
  { name: '6-quality', address: '/quality', options: page(640), act: scrolledTo('#imaging-42') },
  {
    name: '7-quality-gaps',
    address: '/quality/measures/imaging-42',
    options: page(700),
    act: scrolledTo('figure:nth-of-type(2)'),
  },
  { name: '8-rehearsal', address: 'file:rehearsal/rehearsal.html', options: page(700) },
  {
    name: '9-case',
    address: 'file:rehearsal/samples.html',
    options: page(620),
    act: scrolledTo('.case:nth-of-type(3)'),
  },
  { name: '10-report', address: 'file:quality/2025/report.html', options: page(700) },
  {
    name: '11-doses',
    address: '/quality/measures/opioid-high-dose',
    options: page(560),
    act: scrolledTo('#figures'),
  },
  {
    name: '12-false-alarms',
    address: '/quality/measures/false-alarm',
    options: page(560),
    act: scrolledTo('#figures'),
  },
]
