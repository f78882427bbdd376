/** Who may import whom, and what only one folder may touch: the design's table and invariants, held by a test. */
import { readdirSync, readFileSync } from 'node:fs'
import { dirname, join, relative } from 'node:path'
import { describe, expect, test } from 'vitest'
import { realContent, root } from '../support/evaluator.ts'

/**
 * What each folder or file of src may import: folders or files at run time and, under `types`, those of which it may
 * only use types. Its own files always. `server`, `app` and `cli` join everything, and nobody imports them.
 */
const mayImport: Readonly<Record<string, { values?: string[]; types?: string[] }>> = {
  bounds: {},
  errors: {},
  calendar: {},
  // The words that content and settings share.
  grammar: {},
  // Every setting: the environment, secrets, site.yaml.
  site: { values: ['grammar'] },
  ending: { values: ['hooks/failure'] },
  tracing: {},
  subjects: {
    values: ['errors'],
    types: ['pathway', 'explanation', 'hooks', 'record/record', 'cards/suggestions'],
  },
  silence: { values: ['facts/wire'], types: ['pathway/schema', 'record/record', 'site'] },
  // The types that an evaluation is spoken of in.
  explanation: {
    types: [
      'pathway/known',
      'pathway/schema',
      'decide',
      'facts',
      'hooks',
      'payers',
      'record',
      'cards',
      'report',
      'site',
    ],
  },
  report: { types: ['pathway/schema'] },
  metrics: { types: ['report'] },
  pathway: { values: ['grammar', 'site'] },
  // The handler of a call knows its caller, and says how it went.
  hooks: { values: ['errors'], types: ['pathway', 'metrics', 'report', 'site', 'trust/verify'] },
  net: { values: ['site/addresses'] },
  record: { values: ['errors', 'net'], types: ['pathway/schema', 'hooks/call', 'site'] },
  facts: {
    values: ['pathway/known', 'pathway/schema', 'pathway/codes'],
    types: ['pathway', 'record/record'],
  },
  decide: { values: ['pathway/known', 'pathway/schema'], types: ['pathway'] },
  // Which reasons belong to a card is told by content alone, which checks it too.
  cards: {
    values: ['decide/conditions', 'pathway/schema', 'pathway/override-family'],
    types: ['pathway', 'decide'],
  },
  // What payers say of orders, from what was found of them.
  payers: {
    values: ['pathway/schema', 'decide/conditions', 'errors', 'facts/spans', 'facts/wire', 'site/coverage'],
    types: ['pathway', 'decide', 'facts/case', 'hooks/call', 'record/record'],
  },
  // The pathway as definitions for others.
  export: {
    values: ['checklist/questionnaire', 'pathway/answers', 'decide/conditions'],
    types: ['pathway'],
  },
  'module-cache': {},
  young: {},
  'judge-kept': { types: ['pathway', 'facts', 'decide', 'cards'] },
  evaluate: {
    values: [
      'pathway/schema',
      'record',
      'facts',
      'decide',
      'payers',
      'cards',
      'errors',
      'report',
      'judge-kept',
      'silence',
      'subjects',
    ],
    types: ['pathway', 'hooks', 'explanation'],
  },
  // The pure core for other programs: the only file of the service that they may import.
  library: {
    values: ['pathway/load', 'pathway/problems', 'errors', 'evaluate', 'facts/reading', 'hooks'],
    types: ['pathway', 'decide', 'cards'],
  },
  // With its page, and the page that says why, which asks the same questions.
  checklist: {
    values: ['pathway/schema', 'pages/html', 'pages/markdown', 'smart'],
    types: [
      'pathway',
      'evaluate',
      'facts/answers',
      'hooks/call',
      'http/places',
      'judge-kept',
      'cards/why',
      'store',
    ],
  },
  store: { values: ['site'] },
  trust: { values: ['errors', 'net', 'site', 'store'] },
  ledger: {
    values: ['store', 'decide/conditions', 'facts/reason', 'facts/wire'],
    types: ['pathway', 'decide', 'explanation', 'hooks', 'record/record', 'site'],
  },
  // What the process and the site set, made into the ledger.
  'ledger-start': {
    values: ['errors', 'ledger', 'checklist/lookup', 'site'],
    types: ['pathway', 'hooks/calls', 'metrics', 'store'],
  },
  // Measures as people read them: what is hidden, run charts, the dashboard. The report of a bulk export uses it, too.
  quality: {
    values: [
      'pathway/measures',
      'errors',
      'handouts/pdf/paper',
      'http/local',
      'ledger',
      'pages',
      'store/seal',
    ],
    types: ['pathway', 'net', 'site', 'store'],
  },
  'quality-start': {
    values: ['http/forms', 'ledger-start', 'net', 'site'],
    types: ['pathway', 'quality/open', 'store'],
  },
  // What became of orders: asked of a FHIR server, and read as drafts are read.
  outcomes: {
    values: ['facts/orders', 'ledger', 'record', 'smart/backend', 'smart/failures'],
    types: ['pathway', 'hooks/call', 'store'],
  },
  'outcomes-start': {
    values: ['outcomes', 'record/fhir/reader', 'site', 'smart', 'smart-start'],
    types: ['pathway', 'ledger', 'metrics', 'store'],
  },
  // What the process and the site set, made into the SMART app.
  'smart-start': {
    values: ['app-pages', 'checklist', 'site', 'smart', 'store/seal'],
    types: ['pathway', 'evaluate', 'http/places', 'store'],
  },
  // The pages of the features in one app.
  'app-pages': {
    values: ['checklist', 'handouts', 'smart'],
    types: ['pathway', 'evaluate', 'http/places', 'store'],
  },
  smart: {
    values: [
      'pathway/schema',
      'errors',
      'hooks/failure',
      'http/forms',
      'http/headers',
      'net',
      'pages/html',
      'pages/markdown',
      'site',
      'store',
    ],
    types: ['pathway', 'evaluate', 'hooks/call', 'http/places'],
  },
  http: { values: ['errors', 'hooks', 'site', 'store', 'trust'], types: ['metrics', 'report'] },
  // The sheets for integrators state what the service is configured, reads, logs and counts.
  docs: {
    values: [
      'pathway',
      'decide/conditions',
      'errors',
      'record/gather',
      'hooks/services',
      'hooks/version-3',
      'http/log',
      'metrics',
      'cards/render',
      'site',
    ],
    types: ['hooks'],
  },
  pages: { values: ['pathway', 'docs', 'http/headers'] },
  handouts: {
    values: ['checklist', 'pathway', 'decide/conditions', 'errors', 'pages/html', 'pages/page', 'smart'],
    types: ['evaluate', 'http/places', 'store'],
  },
}
const glue = ['server', 'app', 'cli']
/** Stands below everything: sizes of what comes from elsewhere. */
const ground = ['bounds']

interface Import {
  from: string
  to: string
  typeOnly: boolean
}

const source = (file: string) => readFileSync(join(root, file), 'utf8')
const filesIn = (folder: string) =>
  readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' }).filter((name) =>
    name.endsWith('.ts'),
  )
const src = filesIn('src').sort()
const isTest = (file: string) => /(^|\/)tests\//.test(file)
const partOf = (file: string) => file.replace(/\.ts$/, '').replace(/\/.*$/, '')
const within = (file: string, place: string) => file === `${place}.ts` || file.startsWith(`${place}/`)

/** `import type` and `export type` are gone at run time; an inline `type` is not. */
const importing = /^(?:import|export)\s(type\s)?(?:[^'";]*?\sfrom\s)?'([^']+)'/gm
function importsOf(file: string, folder: string): Import[] {
  return [...source(join(folder, file)).matchAll(importing)].map(([, type, to = '']) => ({
    from: file,
    to: to.startsWith('.') ? join(dirname(file), to) : to,
    typeOnly: type !== undefined,
  }))
}
const imports = src.flatMap((file) => importsOf(file, 'src'))
const inside = imports.filter(({ to }) => to.endsWith('.ts'))
const told = ({ from, to, typeOnly }: Import) => `${from} → ${to}${typeOnly ? ' (types)' : ''}`

/** Ways that lead back to where they began. */
function circlesIn(ways: readonly { from: string; to: string }[]): string[] {
  const done = new Set<string>()
  const circles: string[] = []
  const visit = (at: string, path: readonly string[]) => {
    if (path.includes(at)) circles.push([...path.slice(path.indexOf(at)), at].join(' → '))
    if (path.includes(at) || done.has(at)) return
    for (const { from, to } of ways) if (from === at) visit(to, [...path, at])
    done.add(at)
  }
  for (const { from } of ways) visit(from, [])
  return circles
}

describe('imports in src', () => {
  test('have a line in the table for every folder and file', () => {
    const parts = [...new Set(src.map(partOf))]
    expect(parts.filter((part) => !glue.includes(part) && !mayImport[part])).toEqual([])
  })

  test('go only where the table allows', () => {
    const wrong = inside.filter(({ from, to, typeOnly }) => {
      const line = mayImport[partOf(from)]
      if (!line) return false
      const allowed = [
        partOf(from),
        ...ground,
        ...(line.values ?? []),
        ...(typeOnly ? (line.types ?? []) : []),
      ]
      return !allowed.some((place) => within(to, place))
    })
    expect(wrong.map(told)).toEqual([])
  })

  test('never go to server, app or cli, but from the server to the app', () => {
    const wrong = inside.filter(({ from, to }) => glue.includes(partOf(to)) && partOf(from) !== partOf(to))
    expect(wrong.map(told)).toEqual(['server.ts → app.ts'])
  })

  test('go out of src on the command line alone: to the fixtures that it tries, and to the examples made of vignettes', () => {
    const outside = inside.filter(({ to }) => to.startsWith('..') && !to.startsWith('../fhir-fixtures/'))
    expect(new Set(outside.map(({ from }) => from))).toEqual(new Set(['cli/vignettes.ts']))
    const out = inside.filter(({ to }) => to.startsWith('..'))
    expect(new Set(out.map(({ from }) => partOf(from)))).toEqual(new Set(['cli']))
  })

  test('name the sandbox nowhere, nor does a string that could be one', () => {
    const importsIt = src.filter((file) =>
      /['"`][./]*sandbox\/[\w/-]+\.ts['"`]/.test(source(join('src', file))),
    )
    expect(importsIt).toEqual([])
  })

  test('of the client that checks services go to nothing of the service: it judges it from outside', () => {
    const client = filesIn('conform').filter((file) => !isTest(join('conform', file)))
    const into = client.flatMap((file) =>
      importsOf(file, 'conform').filter(({ to }) => to.startsWith('../src/')),
    )
    expect(into.map(told)).toEqual([])
  })

  test('make no circle of files at run time, and none of folders even of types', () => {
    expect(circlesIn(inside.filter(({ typeOnly }) => !typeOnly))).toEqual([])
    const folders = inside.map(({ from, to }) => ({ from: partOf(from), to: partOf(to) }))
    expect(circlesIn(folders.filter(({ from, to }) => from !== to && !glue.includes(from)))).toEqual([])
  })

  test.each(['facts', 'decide', 'cards'])('bring into %s no package but the types of FHIR', (folder) => {
    const packages = imports.filter(({ from, to }) => partOf(from) === folder && !to.endsWith('.ts'))
    const allowed = folder === 'decide' ? [] : ['fhir/r4.js']
    expect(packages.filter(({ to, typeOnly }) => !typeOnly || !allowed.includes(to)).map(told)).toEqual([])
  })

  test('leave files to the pathway, to settings, to pages and to the command line, and the network to net, the stores and http', () => {
    const users = (pattern: RegExp) =>
      new Set(
        imports.flatMap(({ from, to, typeOnly }) => (pattern.test(to) && !typeOnly ? partOf(from) : [])),
      )
    const readers = ['pathway', 'site', 'pages', 'handouts', 'ledger', 'quality', ...glue]
    expect([...users(/^node:fs/)].filter((part) => !readers.includes(part))).toEqual([])
    const network = ['net', 'store', 'http', 'ledger', ...glue]
    expect(
      [...users(/^node:(https?|tls|dns)|^(pg|undici)$/)].filter((part) => !network.includes(part)),
    ).toEqual([])
  })
})

/** Without comments. */
const code = (file: string) => source(join('src', file)).replace(/\/\*[\s\S]*?\*\/|(^|\s)\/\/.*$/gm, '')
const mentions = (files: readonly string[], word: RegExp) => files.filter((file) => word.test(code(file)))
const pure = src.filter((file) => ['facts', 'decide', 'cards'].includes(partOf(file)))
const clock = /\bDate\.now\b|new Date\(\)|\bperformance\b/

describe('the code', () => {
  test('of facts, decide and cards knows no clock, no chance, no process, no network and no console', () => {
    expect(mentions(pure, /\b(process|console|fetch|setTimeout|crypto)\b|Math\.random/)).toEqual([])
    expect(mentions(pure, clock)).toEqual([])
    expect(mentions(pure, /\bDate\b/)).toEqual(['facts/spans.ts'])
  })

  test('asks other servers in one place, beside the command line, which asks the service itself', () => {
    expect(mentions(src, /\bfetch\(/)).toEqual(['cli/service.ts', 'net/asker.ts'])
  })

  test('reads the clock in the server and on the command line alone', () => {
    expect(mentions(src, clock).filter((file) => !['server', 'cli'].includes(partOf(file)))).toEqual([])
  })

  test('reads the environment in one place', () => {
    expect(mentions(src, /\bprocess\.env\b/)).toEqual(['site/environment.ts'])
  })

  test('holds no clinical code: none of the value sets, and nothing that looks like one', () => {
    const known = new Set(realContent().codes.rows.flatMap((row) => (row.code.length >= 5 ? row.code : [])))
    const looksLikeOne = /^(\d{5,18}|\d{1,7}-\d|[A-TV-Z]\d[\dA-Z]\.[\dA-Z]{1,4})$/
    const literals = src.flatMap((file) =>
      [...code(file).matchAll(/'([^'\n]*)'/g)].map(([, value = '']) => ({ file, value })),
    )
    expect(literals.filter(({ value }) => known.has(value) || looksLikeOne.test(value))).toEqual([])
  })

  test('comes in files of at most 300 lines', () => {
    const all = ['src', 'sandbox', 'conform', 'population'].flatMap((folder) =>
      filesIn(folder).map((file) => join(folder, file)),
    )
    expect(all.filter((file) => !isTest(file) && source(file).split('\n').length > 300)).toEqual([])
  })
})

/** Everything that is loaded with a file, at run time. */
function loadedWith(file: string): string[] {
  const loaded = new Set([file])
  for (const at of loaded)
    for (const { to } of inside.filter(({ from, typeOnly }) => from === at && !typeOnly)) loaded.add(to)
  return [...loaded]
}

describe('the library', () => {
  const loaded = loadedWith('library.ts')
  const others = imports.filter(
    ({ from, to, typeOnly }) => loaded.includes(from) && !typeOnly && !to.endsWith('.ts'),
  )

  test('loads the core, and no room that listens, remembers, calls or shows pages', () => {
    const rooms = new Set(loaded.map(partOf))
    expect([...rooms].sort()).toEqual([
      'bounds',
      'cards',
      'decide',
      'errors',
      'evaluate',
      'facts',
      'grammar',
      'hooks',
      'judge-kept',
      'library',
      'pathway',
      'payers',
      'record',
      'report',
      'silence',
      'site',
      'subjects',
    ])
    expect(loaded.filter((file) => file.startsWith('record/fhir/'))).toEqual([])
  })

  test('reads files in pathway alone, and reaches no network, process, clock or chance', () => {
    const reaching = others.filter(
      ({ from, to }) =>
        /^node:(?!path$)/.test(to) &&
        partOf(from) !== 'pathway' &&
        `${from} ${to}` !== 'site/addresses.ts node:net',
    )
    expect(reaching.map(told)).toEqual([])
    const ofNode = new Set(others.flatMap(({ to }) => (to.startsWith('node:') ? [to] : [])))
    // Of node:net what tells addresses apart: those of the site are checked.
    expect([...ofNode].sort()).toEqual(['node:crypto', 'node:fs', 'node:net', 'node:path'])
    const ofNet = loaded.filter((file) => /from 'node:net'/.test(source(join('src', file))))
    expect(
      ofNet.filter(
        (file) =>
          !/import \{ (BlockList|isIP|isIPv4|isIPv6)(, (isIP|isIPv4|isIPv6))* \} from 'node:net'/.test(
            source(join('src', file)),
          ),
      ),
    ).toEqual([])
    const packages = new Set(others.flatMap(({ to }) => (to.startsWith('node:') ? [] : [to])))
    expect(
      [...packages].filter((name) => ['fastify', 'pg', 'undici', 'fhirclient', 'pino'].includes(name)),
    ).toEqual([])
    expect(
      mentions(loaded, /\bprocess\.(env|exit|on)\b|\bfetch\(|setTimeout|Math\.random|randomUUID/),
    ).toEqual([])
    expect(mentions(loaded, clock)).toEqual([])
  })

  test('writes no file', () => {
    expect(mentions(loaded, /\b(writeFile|appendFile|mkdir|rm|unlink|rename)(Sync)?\(/)).toEqual([])
  })

  test('is the one entry of the package, and all that the trial knows of the service', () => {
    const { exports } = JSON.parse(source('package.json')) as { exports: object }
    expect(exports).toEqual({ '.': './src/library.ts' })
    const trial = [
      'tools/fidelity.ts',
      ...filesIn('tests/fidelity').map((file) => join('tests/fidelity', file)),
    ]
    // How a command is asked is no matter of the pathway.
    const known = trial.flatMap((file) =>
      importsOf(file, '').filter(({ to }) =>
        /^src\/(?!cli\/(arguments|run)\.ts)|^tests\/support\/(?!random|when)/.test(to),
      ),
    )
    expect(known.map(told)).toEqual([])
  })

  test('is all that reports on a population know of how the service judges', () => {
    const files = filesIn('population').map((file) => join('population', file))
    // Beside it: how a command is asked, the definitions of measures, and pages; of the bulk client what reaches a server.
    const others = /^src\/(library\.ts|cli\/(arguments|run)\.ts|pathway\/measures\.ts|pages\/|quality\/)/
    const ofBulk = /^src\/(bounds|site\/(addresses|environment)|smart-start|smart\/(backend|failures))\.ts/
    const known = files.flatMap((file) =>
      importsOf(file, '').filter(
        ({ to }) =>
          to.startsWith('src/') &&
          !others.test(to) &&
          !(file.startsWith('population/bulk/') && ofBulk.test(to)),
      ),
    )
    expect(files.length).toBeGreaterThan(20)
    expect(known.map(told)).toEqual([])
  })
})

describe('every file', () => {
  const tests = filesIn('tests')

  test('of src, sandbox, conform, population, fhir-fixtures, tests and bench opens with a comment that says what it is for', () => {
    const all = ['src', 'sandbox', 'conform', 'population', 'fhir-fixtures', 'tests', 'bench'].flatMap(
      (folder) => filesIn(folder).map((file) => join(folder, file)),
    )
    expect(all.filter((file) => !/^\/\*\*\s+(\* )?\S.{15,}/.test(source(file)))).toEqual([])
  })

  test('of the tests is run, or is used by one that is', () => {
    const used = new Set(tests.filter((file) => file.endsWith('.test.ts')))
    for (const file of used) {
      for (const { to } of importsOf(file, 'tests'))
        if (to.endsWith('.ts') && !to.startsWith('..')) used.add(to)
      // Programs that are started, and modules that are loaded when something else is ready.
      for (const [, to = ''] of source(join('tests', file)).matchAll(
        /(?:import\.meta\.dirname, |import\()'([\w./-]+\.ts)'/g,
      ))
        if (!join(dirname(file), to).startsWith('..')) used.add(join(dirname(file), to))
    }
    expect(tests.filter((file) => !used.has(file))).toEqual([])
  })

  test('of test data lies where some test or helper says that it reads', () => {
    const words = tests.map((file) => source(join('tests', file))).join('\n')
    const isRead = (file: string) => file.split('/').some((part) => words.includes(`${part}'`))
    const others = readdirSync(join(root, 'tests'), {
      recursive: true,
      withFileTypes: true,
      encoding: 'utf8',
    })
      .filter((entry) => entry.isFile() && !entry.name.endsWith('.ts'))
      .map((entry) => relative(join(root, 'tests'), join(entry.parentPath, entry.name)))
    expect(others.filter((file) => !isRead(file))).toEqual([])
  })
})
