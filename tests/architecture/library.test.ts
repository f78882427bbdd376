/** What the library loads, and who may load it. */
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { clock, filesIn, imports, importsOf, inside, mentions, partOf, source, told } from './source.ts'

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
