/** What stands behind "no fault that axe can see": axe in a page that has faults, by day, in the dark, and in a frame. */
import { expect, it } from 'vitest'
import { isWhole } from '../support/sweep.ts'
import { findings } from './axe.ts'
import { describeInBrowser } from './browser.ts'

const page = (body: string) =>
  `data:text/html,${encodeURIComponent(`<!doctype html><html lang="en"><title>Faults</title><main><h1>Faults</h1>${body}</main>`)}`
const faulty = page(`<img src="data:,"><p>Told by day and by night</p><p class="pale">Pale in the dark</p>
<style>@media (prefers-color-scheme: dark) { body { background: #222; color: #eee } .pale { color: #333 } }</style>`)
const rulesOf = (found: readonly string[]) => found.map((told) => told.split(':')[0])

describeInBrowser('Axe in a browser', (open) => {
  it('finds what lacks a name, and what is pale in the dark alone', { timeout: 60_000 }, async () => {
    const { page } = await open(faulty)
    expect(rulesOf(await findings(page))).toEqual(['image-alt'])
    await page.emulateMedia({ colorScheme: 'dark' })
    const told = await findings(page, 'colours')
    expect(rulesOf(told)).toEqual(['color-contrast'])
    expect(told[0]).toContain('class="pale"')
    await page.context().close()
  })

  // Of texts that look alike some are judged for all: one among many that does not is found, whatever makes it so.
  const pale = 'color: #ccc'
  it.each([
    ['by its own colour', `<p style="${pale}">`],
    ['by what is around it', `<div style="${pale}"><p>`],
    ['by what stands behind it', '<p style="background: #555">'],
    ['by what stands behind all around it', '<div style="background: #555"><p>'],
    ['by how much of it shines through', '<p style="opacity: 0.3">'],
    ['because something else lies under it', '<div class="under"></div><p>'],
    ['by the order in which it comes', '<p class="third">'],
    ['where it is a link', `<p><a href="/" style="${pale}">`],
  ])('finds one of a hundred that is pale %s', { timeout: 60_000 }, async (_, spoiled) => {
    const rows = Array.from({ length: 100 }, (_, at) => (at === 50 ? `${spoiled}Row ${at}` : `<p>Row ${at}`))
    const style = `.under { position: absolute; z-index: -1; height: 5em; width: 50em; background: #222; margin-top: -1em }
      section:nth-of-type(51) .third { ${pale} }`
    const { page: shown } = await open(
      page(`<style>${style}</style>${rows.map((row) => `<section>${row}</section>`).join('')}`),
    )
    const told = await findings(shown)
    expect(new Set(rulesOf(told))).toEqual(new Set(['color-contrast']))
    expect(told.join()).toContain('Row 5')
    expect(await shown.locator('[data-looks-alike]').count()).toBeGreaterThan(isWhole ? -1 : 90)
    await shown.context().close()
  })

  it('passes over no frame in silence', { timeout: 60_000 }, async () => {
    const { page: framed } = await open(page('<iframe title="Another" src="about:blank"></iframe>'))
    expect(await findings(framed)).toEqual(['there are frames, into which nobody looks'])
    await framed.context().close()
  })
})
