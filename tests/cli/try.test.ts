/** `npm run try` as a person runs it: what it prints, and how it fails. */
import { randomUUID } from 'node:crypto'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { buildApp } from '../../src/app.ts'
import { todayIn } from '../../src/cli/run.ts'
import { tryOut } from '../../src/cli/try.ts'
import { createEvaluator } from '../../src/evaluate.ts'
import { content, npmRun, ran, summaryOf } from './commands.ts'

const evaluator = createEvaluator(content, {
  today: () => todayIn(content.site['time-zone']),
  newId: randomUUID,
})
const app = buildApp({ elapsed: () => performance.now(), content, ...evaluator })
let url = ''

beforeAll(async () => {
  url = await app.listen({ host: '127.0.0.1', port: 0 })
})
afterAll(() => app.close())

describe('npm run try', () => {
  const tried = (...words: string[]) => ran(tryOut, ...words, '--url', url)

  it('is a command of its own that ends well, or with 2 and what was meant', async () => {
    const shown = await npmRun('try', 'acute-week-two', 'lumbar-mri', '--url', url)
    expect(shown).toMatchObject({ code: 0, err: '' })
    expect(shown.out).toContain(summaryOf('IM01'))
    const unknown = await npmRun('try', 'acute-weektwo', 'lumbar-mri', '--url', url)
    expect(unknown).toMatchObject({ code: 2, out: '' })
    expect(unknown.err).toMatch(
      /^There is no patient "acute-weektwo"\. Did you mean "acute-week-two"\? There are/,
    )
  })

  it('shows the "not now" card with its offers for a scan in the second week', async () => {
    const { code, out } = await tried('acute-week-two', 'lumbar-mri')
    expect(code).toBe(0)
    expect(out).toContain(`WARNING ${summaryOf('IM01')}`)
    expect(out).toContain('Remove this order and give back-pain education')
    expect(out).toContain('Refer to chiropractic care')
    expect(out).toContain('Keep the order because Red flag present')
    expect(out).toContain('1 card.')
  })

  it('shows an emergency as critical', async () => {
    const { out } = await tried('cauda-equina', 'lumbar-mri')
    expect(out).toContain(`CRITICAL ${summaryOf('RF04a')}`)
  })

  it('argues against a first opioid, on either hook', async () => {
    const answers = await Promise.all([
      tried('acute-week-two', 'oxycodone'),
      tried('acute-week-two', 'oxycodone', '--hook', 'order-select'),
    ])
    for (const { out } of answers) expect(out).toContain(summaryOf('OP01'))
  })

  it('takes several orders at once', async () => {
    const { out } = await tried('acute-week-two', 'lumbar-mri', 'oxycodone')
    expect(out).toContain(summaryOf('IM01'))
    expect(out).toContain(summaryOf('OP01'))
    expect(out).toContain('2 cards.')
  })

  it('opens a chart without an order', async () => {
    const { code, out } = await tried('acute-week-two', '--hook', 'patient-view')
    expect(code).toBe(0)
    expect(out).toMatch(/Nothing is shown\.|1 card\./)
  })

  it('says that nothing is shown, why that is right, and how to see every step', async () => {
    const { code, out } = await tried('cancer-history', 'lumbar-mri')
    expect(code).toBe(0)
    expect(out).toContain('Nothing is shown.')
    expect(out).toContain('RF01b')
    expect(out).toContain('Every step: npm run explain -- cancer-history lumbar-mri')
  })

  it('says nothing where back pain is not the reason', async () => {
    const { out } = await tried('no-back-pain', 'lumbar-mri')
    expect(out).toContain('Nothing is shown.')
    expect(out).toContain('G04')
  })

  it('says that an order is none of ours', async () => {
    const { out } = await tried('acute-week-two', 'hip-xray')
    expect(out).toContain('None of these orders is lumbar imaging or an opioid')
  })

  it('prints the answer as it came, for machines', async () => {
    const { out } = await tried('acute-week-two', 'lumbar-mri', '--json')
    expect(JSON.parse(out)).toMatchObject({ cards: [{ indicator: 'warning', summary: summaryOf('IM01') }] })
  })

  it('lists what there is to try', async () => {
    const { code, out } = await ran(tryOut)
    expect(code).toBe(0)
    expect(out).toContain('npm run try -- <patient> <order>')
    for (const name of ['acute-week-two', 'cauda-equina', 'lumbar-mri', 'oxycodone'])
      expect(out).toContain(name)
  })

  it.each([
    [['acute-weektwo', 'lumbar-mri'], 'There is no patient "acute-weektwo". Did you mean "acute-week-two"?'],
    [['acute-week-two', 'lumbar-mr'], 'There is no order "lumbar-mr". Did you mean "lumbar-mri"?'],
    [['acute-week-two'], 'Which order is drafted for acute-week-two? There are'],
    [['acute-week-two', 'lumbar-mri', '--hook', 'order-sing'], 'Did you mean "order-sign"?'],
    [['acute-week-two', 'lumbar-mri', '--jsno'], 'Known are --hook, --url, --json.'],
  ])('%j exits 2 and says what was meant', async (words, told) => {
    const { code, err } = await tried(...words)
    expect(code).toBe(2)
    expect(err).toContain(told)
  })

  it('says how to start a service that does not answer', async () => {
    const { code, err } = await ran(tryOut, 'acute-week-two', 'lumbar-mri', '--url', 'http://127.0.0.1:1')
    expect(code).toBe(2)
    expect(err).toBe(
      'Nothing answers at http://127.0.0.1:1. Start the service in another terminal with: npm start',
    )
  })

  it('refuses an address that is none', async () => {
    const { code, err } = await ran(tryOut, 'acute-week-two', 'lumbar-mri', '--url', 'here')
    expect(code).toBe(2)
    expect(err).toContain('"here" is no address')
  })
})

describe('npm run try, with another service', () => {
  const servers: Server[] = []
  afterAll(() => {
    for (const server of servers) server.close()
  })

  async function serve(answer: (path: string) => { status: number; body: string }): Promise<string> {
    const server = createServer((request, response) => {
      const { status, body } = answer(request.url ?? '')
      request.resume().on('end', () => response.writeHead(status).end(body))
    })
    servers.push(server)
    await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
    return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  }

  const discovery = JSON.stringify({ services: [{ id: 'other', hook: 'order-sign' }] })
  const calls = (status: number, body: object) => (path: string) =>
    path === '/cds-services' ? { status: 200, body: discovery } : { status, body: JSON.stringify(body) }
  const tryAt = async (address: string) => ran(tryOut, 'acute-week-two', 'lumbar-mri', '--url', address)

  it('tells a page that is no CDS Hooks service', async () => {
    const { code, err } = await tryAt(await serve(() => ({ status: 200, body: '<html></html>' })))
    expect(code).toBe(2)
    expect(err).toContain('is no CDS Hooks service')
  })

  it('passes on why a call was refused', async () => {
    const outcome = { resourceType: 'OperationOutcome', issue: [{ diagnostics: 'Send a token.' }] }
    const { code, err } = await tryAt(await serve(calls(401, outcome)))
    expect(code).toBe(2)
    expect(err).toBe('The service refused the call (401). Send a token.')
  })

  it('says so when the content here would have shown a card', async () => {
    const { code, out } = await tryAt(await serve(calls(200, { cards: [] })))
    expect(code).toBe(0)
    expect(out).toContain('The content here would show IM01')
  })

  it('shows a card of few words, and keeps what it says from moving the cursor', async () => {
    const card = { summary: 'Few \u001b[2Jwords', indicator: 'info', source: { label: 'Somebody' } }
    const { out } = await tryAt(await serve(calls(200, { cards: [card] })))
    expect(out).toContain('INFO Few words')
    expect(out).toContain('Somebody')
  })
})
