/** Somebody else's engine runs the package: HAPI with its clinical reasoning loads it, applies its plans and reads charts by it. */
import { execFile, spawnSync } from 'node:child_process'
import { mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import type { CarePlan, FhirResource, Parameters, RequestGroup } from 'fhir/r4.js'
import { beforeAll, expect, test } from 'vitest'
import { hookCall, loadOrder, loadPatient } from '../../fhir-fixtures/load.ts'
import { answersAsParameters, applyBody } from '../../src/export/answers.ts'
import type { Subject } from '../../src/pathway/schema.ts'
import { exportableOf } from '../../tools/exportable.ts'
import { content, explain, explainBody, vignettes } from '../support/evaluated.ts'
import { root } from '../support/evaluator.ts'
import { describeWithHapi } from './support.ts'

const hasJq = spawnSync('jq', ['--version']).status === 0

/** Of one vignette: what is known, and which headlines may speak. */
interface Spoken {
  vignette: string
  kind: Subject
  answers: Parameters
  codes: readonly string[]
}

describeWithHapi('HAPI', ({ base, today }) => {
  const exportable = exportableOf(content)
  const { rules, chart } = exportable
  const applied = (plan: string, body: FhirResource) =>
    post<CarePlan>(`${base}/PlanDefinition/${plan}/$apply`, body)

  /** What the commands of docs/export.md printed, block by block, as a stranger types them after each other in one terminal. */
  let printed: readonly string[]
  beforeAll(async () => {
    printed = await typed(base)
  }, 900_000)

  test('takes the package and gives the IM01 verdict, by the commands of docs/export.md as they stand', () => {
    const [exported = '', ...others] = (printed[0] ?? '').split('\n{')
    expect(exported).toContain('files in somewhere/package')
    expect(printed.join('\n')).not.toContain('not taken')
    expect(codesOf(JSON.parse(`{${others.join('\n{')}`) as CarePlan, 'lumbar-imaging')).toEqual(['IM01'])
  })

  test.skipIf(!hasJq)(
    'gives it from the chart alone, by the commands of docs/export.md as they stand',
    () => {
      expect(codesOf(JSON.parse(printed[1] ?? '') as CarePlan, 'lumbar-imaging')).toEqual(['IM01'])
    },
  )

  test('lets the same headlines speak as the service', async () => {
    const spoken = await firstOfEach()
    expect(spoken.length).toBeGreaterThan(15)
    for (const { vignette, kind, answers, codes } of spoken) {
      const plan = kind === 'chart-view' ? 'lumbar-patient-view' : 'lumbar-order-sign'
      const theirs = codesOf(await applied(plan, applyBody('Patient/acute-week-two', answers)), kind)
      expect([vignette, theirs.toSorted()]).toEqual([vignette, codes.toSorted()])
    }
  })

  test.each(['cancer-history', 'cauda-equina', 'osteoporosis'])(
    'reads the chart of %s as the service',
    async (id) => {
      const vouched: Parameters = {
        resourceType: 'Parameters',
        parameter: [{ name: 'today', valueDate: today }],
      }
      const told = await post<Parameters>(`${base}/Library/LumbarChart/$evaluate`, applyBody(id, vouched))
      const theirs = new Map(told.parameter?.map((each) => [each.name, each.valueBoolean]))
      const patient = loadPatient(root, id, today)
      const orders = [loadOrder(root, 'lumbar-mri')]
      const call = hookCall({ patient, orders, hook: 'order-sign', queries: content.queries, today })
      const { decisions } = await explainBody(call, today)
      const ours = new Map(decisions.flatMap(({ facts }) => [...facts]))
      const answered = [...chart.facts.keys()].filter((name) => typeof theirs.get(name) === 'boolean')
      const inCommon = answered.filter((name) => ours.has(name))
      expect(inCommon.map((name) => [name, theirs.get(name)])).toEqual(
        inCommon.map((name) => [name, ours.get(name)?.value]),
      )
      // The sign that its chart is about, and that she is an adult.
      expect(answered.filter((name) => theirs.get(name)).length).toBeGreaterThan(1)
    },
  )

  /** Vignettes until each headline of order-sign has spoken once. */
  async function firstOfEach(): Promise<Spoken[]> {
    const spoken: Spoken[] = []
    const heard = new Set<string>()
    for (const vignette of vignettes) {
      const { decisions } = await explain(vignette)
      const shared = decisions.flatMap(({ facts }) => [...facts])
      for (const { kind, facts, headlines, conditions } of decisions) {
        const codes = headlines.flatMap(({ id, code }) => (conditions.has(id) ? [] : [code]))
        const said = codes.filter((code) =>
          rules.speaking.some((each) => each.kind === kind && each.rule.code === code),
        )
        if (said.every((code) => heard.has(code))) continue
        for (const code of said) heard.add(code)
        spoken.push({
          vignette: vignette.vignette,
          kind,
          answers: answersAsParameters(new Map([...shared, ...facts]), rules.parameters),
          codes: said,
        })
      }
    }
    return spoken
  }
})

/** Of the headlines on one kind of order: the plan of a hook knows them all. */
function codesOf(plan: CarePlan, kind: Subject): string[] {
  const groups = (plan.contained ?? []).filter(
    (each): each is RequestGroup => each.resourceType === 'RequestGroup',
  )
  return groups.flatMap(({ action = [] }) =>
    action.flatMap(({ code, condition }) =>
      condition?.some(({ expression }) => expression?.expression?.endsWith(` on ${kind}`))
        ? (code?.[0]?.coding?.[0]?.code ?? [])
        : [],
    ),
  )
}

/** In a copy of nothing: the folder that they make is below one that goes afterwards. */
async function typed(base: string): Promise<readonly string[]> {
  const page = readFileSync(join(root, 'docs/export.md'), 'utf8')
  const all = [...page.matchAll(/```sh\n([\s\S]*?)```/g)].map(([, block = '']) => block)
  const blocks = all.filter((block) => block.includes('$base'))
  expect(blocks).toHaveLength(2)
  expect(blocks.map((block) => block.includes('jq '))).toEqual([false, true])
  const folder = mkdtempSync(join(tmpdir(), 'lumbar-typed-'))
  try {
    // The commands are given in the project's folder: this one stands for it, and holds all of it but what they make.
    for (const name of readdirSync(root)) symlinkSync(join(root, name), join(folder, name))
    const script = (hasJq ? blocks : blocks.slice(0, 1)).join(`\necho '${cut}'\n`)
    const { stdout } = await promisify(execFile)('bash', ['-c', script], {
      cwd: folder,
      env: { ...process.env, base },
      maxBuffer: 50_000_000,
    })
    return stdout.split(cut)
  } finally {
    rmSync(folder, { recursive: true })
  }
}

const cut = '- - -'

const post = async <T>(url: string, body: FhirResource) => (await send(url, 'POST', body)) as T

async function send(url: string, method: string, body: FhirResource): Promise<unknown> {
  const answer = await fetch(url, {
    method,
    headers: { 'Content-Type': 'application/fhir+json' },
    body: JSON.stringify(body),
  })
  const text = await answer.text()
  if (!answer.ok) throw new Error(`${method} ${url}: ${answer.status} ${text.slice(0, 500)}`)
  return JSON.parse(text)
}
