/** The files for those who run it: held to what the service really exports, reads and answers. */
import { spawnSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { parse } from 'yaml'
import { createMetrics, figures } from '../../src/metrics.ts'
import { loadContent } from '../../src/pathway/load.ts'
import { environment, readConfig } from '../../src/site/environment.ts'
import { root } from './support.ts'

const text = (path: string) => readFileSync(join(root, 'deploy', path), 'utf8')
interface Container {
  env: { name: string; value?: string; valueFrom?: { secretKeyRef: { key: string } } }[]
  ports: { name: string; containerPort: number }[]
  securityContext: object
  volumeMounts: { name: string; mountPath: string }[]
  [probe: string]: unknown
}
const board = JSON.parse(text('grafana/lumbar.json')) as {
  panels: { id: number; title: string; targets: { expr: string; legendFormat: string }[] }[]
}
const alerts = parse(text('prometheus/alerts.yaml')) as {
  groups: { rules: { alert: string; expr: string; annotations: Record<string, string> }[] }[]
}
const deployment = parse(text('kubernetes/deployment.yaml')).spec
const [container] = deployment.template.spec.containers as Container[]

const queries = [
  ...board.panels.flatMap(({ title, targets }) => targets.map(({ expr }) => [title, expr])),
  ...alerts.groups.flatMap(({ rules }) => rules.map(({ alert, expr }) => [alert, expr])),
] as [string, string][]

describe('Queries of the board and of the alerts', () => {
  const named = new Map(Object.values(figures).map(({ name, labelNames }) => [name as string, labelNames]))

  test.each(queries)('%s asks for figures and labels that there are', async (_, expr) => {
    const metrics = createMetrics({ withProcess: false })
    metrics.watchLedger(() => ({ isUp: true, waiting: 0 }))
    metrics.watchAwaited(async () => 0)
    const exported = await metrics.text()
    const asked = [...expr.matchAll(/\blumbar_[a-z_]+/g)].map(([name]) => name)
    expect(asked.length).toBeGreaterThan(0)
    const labels = new Set<string>(['le'])
    for (const name of asked) {
      const base = named.has(name) ? name : name.replace(/_(bucket|sum|count)$/, '')
      expect([name, named.has(base)]).toEqual([name, true])
      expect(exported).toContain(`# TYPE ${base} `)
      for (const label of named.get(base) ?? []) labels.add(label)
    }
    const used = [
      ...[...expr.matchAll(/\b(?:by|ignoring) \(([^)]*)\)/g)].flatMap(([, list = '']) => list.split(/,\s*/)),
      ...[...expr.matchAll(/[{,]\s*(\w+)\s*(?:=~|!~|!=|=)/g)].map(([, label = '']) => label),
    ]
    expect(used.filter((label) => !labels.has(label))).toEqual([])
    expect(expr.split('(').length).toBe(expr.split(')').length)
  })

  test('show every figure that there is', () => {
    const all = queries.map(([, expr]) => expr).join('\n')
    expect([...named.keys()].filter((name) => !all.includes(name))).toEqual([])
  })

  test('have names of their own, and say what to do', () => {
    const ids = board.panels.map(({ id }) => id)
    expect(new Set(ids).size).toBe(ids.length)
    const rules = alerts.groups.flatMap(({ rules: own }) => own)
    expect(rules.filter(({ annotations }) => !annotations.summary || !annotations.description)).toEqual([])
  })
})

const promtool = (...words: string[]) =>
  spawnSync('promtool', words, { cwd: join(root, 'deploy/prometheus'), encoding: 'utf8' })
const hasPromtool = promtool('--version').status === 0
if (!hasPromtool)
  console.warn('Not tested, because promtool is not on the path (Debian: apt-get install prometheus).')

describe('The alert rules, as Prometheus reads them', () => {
  test.skipIf(!hasPromtool)('are sound', () => {
    const { status, stdout, stderr } = promtool('check', 'rules', 'alerts.yaml')
    expect([status, stdout + stderr]).toEqual([0, expect.stringContaining('SUCCESS')])
  })

  test.skipIf(!hasPromtool)('speak when they should, and not when all is well', () => {
    const { status, stdout, stderr } = promtool('test', 'rules', 'alerts.test.yaml')
    expect([status, stdout + stderr]).toEqual([0, expect.stringContaining('SUCCESS')])
  })

  test('are each tried, but for those that need days of charts', () => {
    const tried = new Set<string>(
      parse(text('prometheus/alerts.test.yaml')).tests.flatMap((each: { alert_rule_test: object[] }) =>
        each.alert_rule_test.flatMap((one) =>
          'exp_alerts' in one ? (one as unknown as { alertname: string }).alertname : [],
        ),
      ),
    )
    const all = alerts.groups.flatMap(({ rules }) => rules.map(({ alert }) => alert))
    expect(all.filter((alert) => !tried.has(alert))).toEqual(['LumbarFactFails', 'LumbarUnreadEntries'])
    expect([...tried].filter((alert) => !all.includes(alert))).toEqual([])
  })
})

describe('The manifests for Kubernetes', () => {
  test('name files that there are', () => {
    const { resources, configMapGenerator } = parse(text('kubernetes/kustomization.yaml'))
    const files = [...resources, ...configMapGenerator.flatMap((each: { files: string[] }) => each.files)]
    expect(files.filter((file: string) => !existsSync(join(root, 'deploy/kubernetes', file)))).toEqual([])
  })

  test('set variables that the service reads, to what it takes', () => {
    const known = Object.keys(environment.shape)
    expect(container?.env.map(({ name }) => name).filter((name) => !known.includes(name))).toEqual([])
    const secret: Readonly<Record<string, string>> = {
      DATABASE_URL: 'postgres://lumbar@db/lumbar',
      LEDGER_KEY: Buffer.alloc(32).toString('base64url'),
      SMART_SESSION_KEY: Buffer.alloc(32).toString('base64url'),
    }
    const config = readConfig(
      Object.fromEntries((container?.env ?? []).map(({ name, value }) => [name, value ?? secret[name]])),
    )
    expect(config).toMatchObject({ host: '0.0.0.0', port: 3000, mode: 'production' })
    expect(config.databaseUrl).toBeDefined()
    expect(config.ledgerKey).toHaveLength(32)
    const ports = Object.fromEntries((container?.ports ?? []).map((port) => [port.name, port.containerPort]))
    expect(ports).toEqual({ http: config.port, metrics: config.metrics?.port })
    expect(deployment.template.spec.terminationGracePeriodSeconds * 1000).toBeGreaterThan(
      config.drain + 10_000,
    )
  })

  test('bring a site that the service starts with', () => {
    const { site } = loadContent(root, join(root, 'deploy/kubernetes/site.yaml'))
    expect(site.callers).toBeDefined()
  })

  test('run two instances that write nowhere, and ask addresses that there are', () => {
    expect(deployment.replicas).toBe(2)
    expect(container?.securityContext).toMatchObject({
      readOnlyRootFilesystem: true,
      allowPrivilegeEscalation: false,
      capabilities: { drop: ['ALL'] },
    })
    const app = readFileSync(join(root, 'src/app.ts'), 'utf8')
    for (const probe of ['startupProbe', 'livenessProbe', 'readinessProbe']) {
      const asked = container?.[probe] as { httpGet: { path: string } } | undefined
      expect(app).toContain(`url: '${asked?.httpGet.path}'`)
    }
  })
})
