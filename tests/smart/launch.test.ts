/** Launches from their beginning to the open chart, as every type of client, against a simulator that checks the app (specification 1.11). */
import { afterEach, describe, expect, test } from 'vitest'
import { type ClientType, type Hospital, type Options, openHospital } from './support.ts'

const open: Hospital[] = []
const hospital = async (options: Options = {}) => {
  const opened = await openHospital(options)
  open.push(opened)
  return opened
}
afterEach(async () => {
  await Promise.all(open.splice(0).map((each) => each.close()))
})

const types: ClientType[] = ['public', 'symmetric', 'asymmetric']

describe('an EHR launch', () => {
  test.each(types)('R2, R9, R15–R17: opens the chart as a %s client', async (type) => {
    const { launch, asked } = await hospital({ type })
    const page = await launch()
    expect([page.status, page.text]).toEqual([200, expect.stringContaining('Ada Alpha')])
    expect(page.url.pathname).toMatch(/^\/smart\/[\w-]{22}\/$/)
    expect(asked.map(({ what }) => what)).toEqual(['GET Patient/p1'])
    expect(asked[0]?.authorization).toMatch(/^Bearer /)
  })
})

describe('a standalone launch', () => {
  test.each(types)('R3: opens the chart that was chosen, as a %s client', async (type) => {
    const { base, browser } = await hospital({ type })
    const visitor = browser()
    const picker = await visitor.open(`${base}/smart/standalone`)
    expect(picker.text).toContain('Ben Beta')
    const [, link = ''] = /href="([^"]+)"/.exec(picker.text) ?? []
    const page = await visitor.open(new URL(link.replaceAll('&amp;', '&'), base).href)
    expect([page.status, page.text]).toEqual([200, expect.stringContaining('Ben Beta')])
  })
})
