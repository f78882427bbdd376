/** The dashboard on this machine: what it shows, what it hides, what a lead writes there, and that each look is written down. */
import { extractText } from 'unpdf'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { LedgerFailure } from '../../src/ledger/failure.ts'
import { latestLooks } from '../../src/quality/viewer.ts'
import { aYear, write } from './ledger.ts'
import { type Dashboard, keepReport, keys, now, openDashboard, reportOf } from './support.ts'

let desk: Dashboard
const here = { host: 'localhost' }
const get = async (url: string, headers: Record<string, string> = here) =>
  desk.app.inject({ method: 'GET', url, headers })
const post = async (
  url: string,
  payload: string | Buffer,
  headers: Record<string, string> = { 'sec-fetch-site': 'same-origin' },
) =>
  desk.app.inject({
    method: 'POST',
    url,
    payload,
    headers: { ...here, 'content-type': 'application/x-www-form-urlencoded', ...headers },
  })
const note = (more: Record<string, string> = {}) =>
  new URLSearchParams({
    cycle: 'Cards on',
    phase: 'do',
    day: '2025-01-10',
    measure: 'imaging',
    words: 'two clinics',
    ...more,
  }).toString()
/** Four in ten are imaged, two of ten from the second year on; one clinician less. */
const habit = (year: number) => (clinician: string, month: number) =>
  (year === 2024 ? 0.4 : 0.2) + (clinician === 'ana' ? 0.2 : 0) + (month % 2) * 0.04

beforeAll(async () => {
  desk = await openDashboard()
})
afterAll(() => desk.close())

test('says how to write a report where there is none, and what it cannot read', async () => {
  keepReport(desk, 'odd', { kind: 'another file' })
  const { statusCode, body } = await get('/quality')
  expect(statusCode).toBe(200)
  expect(body).toContain('npm run report')
  expect(body).toContain('odd/report.json is no report that this version can read')
})

describe('with two years of reports', () => {
  beforeAll(async () => {
    keepReport(desk, '2024', reportOf(2024, habit(2024)))
    keepReport(desk, '2025', reportOf(2025, habit(2025)))
    const clinicians = ['ana', 'bea', 'cora', 'dan'].map((id) => keys.keyOf('clinician', '', id))
    await write(desk.sql, aYear(now.getTime(), clinicians, 8))
    await write(desk.sql, aYear(now.getTime(), clinicians, 1), 'silent')
  })

  test('tells whether a change worked: what came after it, held against the months before', async () => {
    expect((await get('/quality')).body).toContain('Median')
    const written = await post('/quality/changes', note())
    expect([written.statusCode, written.headers.location]).toEqual([303, '/quality#changes'])
    const { body } = await get('/quality')
    expect(body).toContain('It moved, and for the better')
    expect(body).toMatch(/Since “Cards on” \(2025-01-10\) 12 of 12 months/)
    expect(body).toMatch(/Before: 45\.\d % of 2,160; since: 25\.\d % of\s2,160/)
    expect(body).toContain('two clinics')
  })

  test('a note is withdrawn once, and stays for who asks later', async () => {
    await post('/quality/changes', note({ cycle: 'A mistake' }))
    const [, id = ''] =
      /changes\/([0-9a-f-]{36})\/withdraw"><button aria-label="Withdraw A mistake/.exec(
        (await get('/quality')).body,
      ) ?? []
    expect((await post(`/quality/changes/${id}/withdraw`, '')).statusCode).toBe(303)
    expect((await get('/quality')).body).not.toContain('A mistake')
    const [rows = []] = await desk.sql.batch([
      { sql: "select author from lumbar_ledger_cycle where cycle = 'A mistake'" },
    ])
    expect(rows).toHaveLength(2)
    expect((await post('/quality/changes/not-there/withdraw', '')).statusCode).toBe(404)
  })

  test.each([
    ['no name', { cycle: '' }],
    ['a long name', { cycle: 'x'.repeat(61) }],
    ['long words', { words: 'x'.repeat(301) }],
    ['two lines', { words: 'one\ntwo' }],
    ['another phase', { phase: 'check' }],
    ['no day', { day: '' }],
    ['a day that never was', { day: '2025-02-30' }],
    ['a day in words', { day: 'tomorrow' }],
    ['another measure', { measure: 'height' }],
    ['a measure of the prototype', { measure: '__proto__' }],
  ])('a note with %s is refused in words, and not kept', async (_, more) => {
    const before = (await get('/quality')).body.match(/withdraw"/g)?.length
    const { statusCode, body } = await post('/quality/changes', note(more))
    expect(statusCode).toBe(400)
    expect(body).toContain('This cannot be done')
    expect((await get('/quality')).body.match(/withdraw"/g)?.length).toBe(before)
  })

  test('a note whose field came twice, whose body is no form, or too long, is refused', async () => {
    expect((await post('/quality/changes', `${note()}&day=2025-01-01`)).statusCode).toBe(400)
    expect(
      (
        await post('/quality/changes', '{}', {
          'sec-fetch-site': 'same-origin',
          'content-type': 'application/json',
        })
      ).statusCode,
    ).toBe(400)
    expect((await post('/quality/changes', Buffer.alloc(70_000, 'a'))).statusCode).toBe(413)
  })

  test('words of a note are text on every page', async () => {
    await post('/quality/changes', note({ cycle: '<script>alert(1)</script>', words: '"><img src=x>' }))
    for (const url of ['/quality', '/quality/measures/imaging']) {
      const { body } = await get(url)
      expect(body).toContain('&lt;script&gt;')
      expect(body).not.toMatch(/<script|<img/)
    }
  })

  test('a form of another page is refused', async () => {
    for (const headers of [{ 'sec-fetch-site': 'cross-site' }, { origin: 'https://elsewhere.example' }, {}])
      expect((await post('/quality/changes', note(), headers as Record<string, string>)).statusCode).toBe(403)
  })

  test('groups stand with their gap in points, and a measure that is not there is said to be so', async () => {
    const { body } = await get('/quality/measures/imaging')
    expect(body).toMatch(/<th scope="row">White<\/th>.*points|best/)
    expect(body).toContain('<svg')
    expect((await get('/quality/measures/height')).statusCode).toBe(404)
  })

  test('imaging by need is told, and what is told of few people is hidden with another', async () => {
    const { body } = await get('/quality')
    const cells = (need: string) =>
      new RegExp(`<th scope="row">${need}</th><td class="figure">([^<]*)</td>`).exec(body)?.[1]
    expect([cells('wasteful'), cells('likely wasteful'), cells('necessary')]).toEqual(['90', '–', '–'])
  })

  test('cards are told from calls that were live: fired, accepted, overridden by class of reason', async () => {
    const { body } = await get('/quality/cards')
    expect(body).toContain('a guideline supports it')
    expect(body).toContain('no guideline supports it')
    expect(body).toMatch(/calls with a card<\/dt><dd>4\d\.\d %/)
    // A year of eight a day, and none of the trial run.
    const [rows = []] = await desk.sql.batch([
      { sql: "select count(*) as n from lumbar_ledger_evaluation where mode = 'live'" },
    ])
    expect(Number(rows[0]?.n)).toBe(2920)
  })

  test('a clinician stands beside others of the clinic, who have no names', async () => {
    const { body } = await get('/quality/clinicians/ana')
    expect(body).toContain('Others of the clinic:')
    expect(body).not.toMatch(/\b(bea|cora|dan)\b/)
    expect((await get('/quality/clinicians/nobody')).statusCode).toBe(404)
    expect((await get('/quality/clinicians/..%2F..%2Fetc')).statusCode).toBe(404)
  })

  test('the letter is one page, with own figures, others without names, and a case that is nobody', async () => {
    const { statusCode, headers, rawPayload } = await get('/quality/clinicians/ana/letter.pdf')
    expect([statusCode, headers['content-type']]).toEqual([200, 'application/pdf'])
    const { totalPages, text } = await extractText(new Uint8Array(rawPayload), { mergePages: true })
    expect(totalPages).toBe(1)
    expect(text).toMatch(/You: 41\.7 % of 360; the clinic: 26\.7 %; others: 21\.7 % to 21\.7 %/)
    expect(text).toContain(
      'Somebody of 45-64: an MRI of the lumbar spine was ordered 4 days after the first visit.',
    )
    expect(text).not.toMatch(/\b(bea|cora|dan)\b/)
    expect((await get('/quality/clinicians/nobody/letter.pdf')).statusCode).toBe(404)
  })

  test('the clinic is not shown where it and the clinician would tell of few others', async () => {
    keepReport(
      desk,
      '2025',
      reportOf(2025, (clinician, month) => (clinician === 'eve' ? 0.5 : month === 1 ? 0.1 : 0)),
    )
    const { body } = await get('/quality/clinicians/eve')
    // Of the other clinician of the clinic three were imaged.
    expect(body).toMatch(/<th scope="row">The clinic<\/th><td class="figure">–/)
    expect(body).toMatch(/<th scope="row">Own<\/th><td class="figure">180<\/td>/)
  })

  test('of two reports of the same months the later one is told, and it is said', async () => {
    keepReport(desk, '2025-again', reportOf(2025, habit(2025)))
    const { body } = await get('/quality')
    expect(body).toContain('tells months that a later report tells again')
  })

  test('each look is written down, with the page and nobody of whom it tells', async () => {
    const looks = await latestLooks(desk.sql)
    expect(looks.length).toBeGreaterThan(20)
    expect(new Set(looks.map(({ who }) => who))).toEqual(new Set(['this machine']))
    expect(looks.map(({ what }) => what)).toContain('measures/imaging')
    expect((await get('/quality/looks')).body).toContain('this machine')
  })
})

test('to whoever is not at this machine there is nothing, and nothing is written down', async () => {
  const before = (await latestLooks(desk.sql)).length
  for (const headers of [
    { host: 'lumbar.example' },
    { host: 'localhost', 'x-forwarded-for': '10.0.0.1' },
  ] as Record<string, string>[])
    for (const url of ['/quality', '/quality/cards', '/quality/clinicians/ana', '/quality/looks'])
      expect((await get(url, headers)).statusCode).toBe(404)
  expect(
    (await post('/quality/changes', note(), { host: 'lumbar.example', 'sec-fetch-site': 'same-origin' }))
      .statusCode,
  ).toBe(404)
  expect((await latestLooks(desk.sql)).length).toBe(before)
})

test('while the ledger cannot be asked nobody is shown anything, and is told to come later', async () => {
  const failing = await openDashboard(undefined, {
    sql: { ...desk.sql, batch: () => Promise.reject(new LedgerFailure('away', 'X', 'away')) },
  })
  const { statusCode, headers } = await failing.app.inject({ url: '/quality', headers: here })
  expect([statusCode, headers['retry-after']]).toEqual([503, '5'])
  await failing.close()
})
