/** What stands behind "no fault that axe can see": axe in a page that has faults, by day, in the dark, and in a frame. */
import { expect, it } from 'vitest'
import { findings } from '../support/axe.ts'
import { describeInBrowser } from '../support/browser.ts'

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

  it('passes over no frame in silence', { timeout: 60_000 }, async () => {
    const { page: framed } = await open(page('<iframe title="Another" src="about:blank"></iframe>'))
    expect(await findings(framed)).toEqual(['there are frames, into which nobody looks'])
    await framed.context().close()
  })
})
