/** PF-11: a list goes on over several pages, on its own server and within limits. */
import nock from 'nock'
import { describe, expect, test } from 'vitest'
import { condition, queries } from '../record/support.ts'
import { base, conditions, page, tryRead, watchNetwork } from './support.ts'

const strays = watchNetwork()
const ehr = () => nock('https://ehr.example')
const search = '/fhir/Condition?patient=p1'

describe('a server that refuses to sort', () => {
  const ordered = '/fhir/Condition?patient=p1&_sort=-recorded-date&_count=100'
  const plain = '/fhir/Condition?patient=p1&_count=100'

  test.each([400, 422, 501])('PF-5: is asked once more without (%i)', async (status) => {
    ehr().get(ordered).reply(status)
    ehr()
      .get(plain)
      .reply(200, page(undefined, condition('c1')))
    const { brief, report } = await tryRead({ queries })
    expect([brief, report.requests]).toEqual([{ conditions: 'given 1' }, 2])
  })

  test('PF-5: and that refuses this, too, is asked no further', async () => {
    ehr().get(ordered).reply(400).get(plain).reply(400)
    const { report } = await tryRead({ queries })
    expect([report.keys, report.requests]).toEqual([{ conditions: 'failed: http-400' }, 2])
  })

  test('PF-5: any other failure is no matter of order', async () => {
    ehr().get(ordered).reply(500)
    expect((await tryRead({ queries })).report.requests).toBe(1)
  })
})

describe('pages', () => {
  test.each([
    ['relative', '?patient=p1&page='],
    ['absolute', `${base}?_getpages=7&page=`],
    ['without host', '/fhir/Condition?page='],
  ])('PF-11: are followed to the last (%s)', async (_what, link) => {
    const second = new URL(`${link}2`, `${base}/Condition`)
    const third = new URL(`${link}3`, `${base}/Condition`)
    ehr()
      .get(search)
      .reply(200, page(`${link}2`, condition('c1')))
    ehr()
      .get(second.pathname + second.search)
      .reply(200, page(`${link}3`))
    ehr()
      .get(third.pathname + third.search)
      .reply(200, page(undefined, condition('c2'), condition('c3')))
    const { brief, report } = await tryRead({})
    expect([brief, report.requests]).toEqual([{ conditions: 'given 3' }, 3])
  })

  test.each([
    'https://evil.example/fhir/Condition?page=2',
    'http://ehr.example/fhir/Condition?page=2',
    'https://ehr.example/other/Condition?page=2',
  ])('FA-7: elsewhere are not read, and the list counts as incomplete: %s', async (link) => {
    ehr()
      .get(search)
      .reply(200, page(link, condition('c1')))
    const { brief, report } = await tryRead({})
    expect(brief).toEqual({ conditions: 'truncated 1' })
    expect(report).toMatchObject({ keys: { conditions: 'truncated: next-elsewhere' }, isSuspicious: true })
    expect(strays).toEqual([])
  })

  test('beyond the cap are not read', async () => {
    ehr()
      .get(/.*/)
      .times(9)
      .reply(200, page('?again', condition('c1')))
    const { brief, report } = await tryRead({}, [conditions], { 'page-cap': 3 })
    expect(brief).toEqual({ conditions: 'truncated 3' })
    expect(report).toMatchObject({ keys: { conditions: 'truncated: page-cap' }, requests: 3 })
  })

  test.each([
    [403, 'http-403'],
    [500, 'http-500'],
  ])('that fail leave what came before as incomplete (%i)', async (status, reason) => {
    ehr()
      .get(search)
      .reply(200, page('?page=2', condition('c1')))
    ehr().get('/fhir/Condition?page=2').reply(status)
    const { brief, report } = await tryRead({})
    expect([brief, report.keys]).toEqual([
      { conditions: 'truncated 1' },
      { conditions: `truncated: ${reason}` },
    ])
  })

  test('that fail after an empty one leave nothing', async () => {
    ehr().get(search).reply(200, page('?page=2'))
    ehr().get('/fhir/Condition?page=2').reply(500)
    expect((await tryRead({})).brief).toEqual({ conditions: 'failed 0' })
  })

  test('of a prefetched list are read with the token, from where it ends', async () => {
    nock('https://ehr.example', { reqheaders: { authorization: 'Bearer secret-token' } })
      .get('/fhir/Condition?page=2')
      .reply(200, page(undefined, condition('c2')))
    for (const next of ['Condition?page=2', `${base}/Condition?page=2`, '/fhir/Condition?page=2']) {
      const { brief } = await tryRead({}, [{ ...conditions, next }])
      expect(brief).toEqual({ conditions: 'given 1' })
      nock('https://ehr.example')
        .get('/fhir/Condition?page=2')
        .reply(200, page(undefined, condition('c2')))
    }
  })

  test('FA-7: of a prefetched list elsewhere are not read', async () => {
    const { report } = await tryRead({}, [{ ...conditions, next: 'https://evil.example/fhir/Condition' }])
    expect(report).toMatchObject({ keys: { conditions: 'failed: next-elsewhere' }, requests: 0 })
    expect(strays).toEqual([])
  })
})
