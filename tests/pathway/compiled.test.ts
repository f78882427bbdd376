/** The compiled pathway: it is the content as it was read, and what is stale, damaged or out of reach is never served. */
import { execFile } from 'node:child_process'
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { isDeepStrictEqual, promisify } from 'node:util'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { stringify } from 'yaml'
import { type Opened, openContent } from '../../src/pathway/compiled.ts'
import type { Content } from '../../src/pathway/content.ts'
import { digestOf } from '../../src/pathway/digest.ts'
import { loadContent } from '../../src/pathway/load.ts'
import { root as repository } from '../support/evaluator.ts'

const fixture = join(import.meta.dirname, 'fixture')
let root: string
let folder: string

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'lumbar-compiled-'))
  cpSync(fixture, root, { recursive: true })
  folder = join(root, 'kept')
  return () => rmSync(root, { recursive: true, force: true })
})

const open = (): Promise<Opened> => openContent(root, undefined, folder)
const files = () => readdirSync(folder)
/** Of the site as it is; the other is of a site that sets nothing. */
const own = () => join(folder, files().find((name) => name.includes(digestOf(root))) ?? '')

/** The pathway of this repository, made once. */
let kept: string
beforeAll(async () => {
  kept = mkdtempSync(join(tmpdir(), 'lumbar-compiled-'))
  await openContent(repository, undefined, kept)
})
afterAll(() => rmSync(kept, { recursive: true, force: true }))

/** Tens of thousands of rows: what differs is looked for only where something does. */
function expectSame(one: Content, other: Content): void {
  const [a, b] = [plain(one), plain(other)]
  if (!isDeepStrictEqual(a, b)) expect(a).toEqual(b)
}

/** Without what is a function of the rest. */
function plain({ codes, ...content }: Content) {
  return { ...content, rows: codes.rows, sets: codes.sets }
}

describe('of a small pathway', () => {
  test('is made at the first start and taken at the next', async () => {
    const made = await open()
    const taken = await open()
    expect([made.how, taken.how, files().length]).toEqual(['made', 'read', 2])
    expectSame(taken.content, loadContent(root))
  })

  test.each(['pathway/pathway.yaml', 'pathway/words.yaml', 'cards/phrases.yaml'])(
    'is made anew, under another digest, when %s is edited',
    async (name) => {
      const before = (await open()).content.digest
      const path = join(root, name)
      writeFileSync(path, `${readFileSync(path, 'utf8')}\n# Edited.\n`)
      const { how, content } = await open()
      expect([how, content.digest === before, (await open()).how]).toEqual(['made', false, 'read'])
    },
  )

  test('is made anew when the site chooses otherwise', async () => {
    await open()
    writeFileSync(join(root, 'site.yaml'), 'name: Another hospital\n')
    const { how, content } = await open()
    expect([how, content.site.name]).toEqual(['made', 'Another hospital'])
  })

  test('is made anew, with the mistake said, when an edit is a mistake', async () => {
    await open()
    writeFileSync(join(root, 'pathway/words.yaml'), 'lists: 3\n')
    await expect(open()).rejects.toThrow('words.yaml')
  })

  test('is not taken under the name of another content', async () => {
    await open()
    const old = readFileSync(own())
    writeFileSync(join(root, 'site.yaml'), 'name: Another hospital\n')
    await open()
    for (const name of files()) writeFileSync(join(folder, name), old)
    const { how, content } = await open()
    expect([how, content.site.name]).toEqual(['made', 'Another hospital'])
  })

  test.each<[string, (bytes: Buffer) => Uint8Array]>([
    ['cut off', (bytes) => bytes.subarray(0, bytes.length / 2)],
    ['empty', () => Buffer.alloc(0)],
    ['changed in one bit', (bytes) => bytes.map((byte, at) => (at === 900 ? byte ^ 1 : byte))],
    ['something else', () => Buffer.from('{}')],
  ])('is ignored and mended when it is %s', async (_how, damage) => {
    const sound = (await open()).content
    writeFileSync(own(), damage(readFileSync(own())))
    const { how, content } = await open()
    expect([how, plain(content), (await open()).how]).toEqual(['made', plain(sound), 'read'])
  })

  test('is done without where the folder cannot be written', async () => {
    writeFileSync(folder, 'a file stands in its place')
    const { how, content } = await open()
    expect(how).toEqual({ unkept: expect.stringMatching(/^E[A-Z]+$/) })
    expectSame(content, loadContent(root))
  })

  test('is whole when several processes make it at once', async () => {
    const compiled = join(repository, 'src/pathway/compiled.ts')
    const program = `const { openContent } = await import(${JSON.stringify(compiled)})
      const { how, content } = await openContent(${JSON.stringify(root)}, undefined, ${JSON.stringify(folder)})
      console.log(typeof how, content.digest)`
    const ask = () => promisify(execFile)(process.execPath, ['--input-type=module', '--eval', program])
    const said = await Promise.all([ask(), ask(), ask()])
    expect(new Set(said.map(({ stdout }) => stdout))).toEqual(new Set([`string ${digestOf(root)}\n`]))
    expect([files().length, (await open()).how]).toEqual([2, 'read'])
  })

  test('of contents that nobody uses any more does not fill the disk', async () => {
    mkdirSync(folder)
    for (let n = 0; n < 40; n++) writeFileSync(join(folder, `pathway-${n}.bin`), '')
    await open()
    expect(files().length).toBeLessThan(18)
    expect((await open()).how).toBe('read')
  })
})

describe('of another site', () => {
  const sites = {
    'numbers, rules and codes of its own': {
      parameters: { 'imaging-wait-days': 28 },
      rules: { off: ['IM01'], silent: ['CA03'] },
      'local-codes': [
        {
          system: 'urn:oid:1.2.3',
          code: 'IMG1',
          means: { system: 'http://www.ama-assn.org/go/cpt', code: '72148' },
        },
      ],
      'browser-origins': ['https://ehr.example.org'],
    },
    nothing: {},
  }
  const imaging = { system: 'http://www.ama-assn.org/go/cpt', code: '97110' }
  const written = (site: object) => {
    const file = join(root, 'other-site.yaml')
    writeFileSync(file, stringify(site))
    return file
  }

  test.each(Object.entries(sites))('that sets %s, it says the same as all that was read', async (_, site) => {
    const file = written(site)
    const { how, content } = await openContent(repository, file, kept)
    expect(how).toBe('made')
    expectSame(content, loadContent(repository, file))
    expect(content.codes.read({ system: 'urn:oid:1.2.3', code: 'IMG1' }).rows.length > 0).toBe(
      'local-codes' in site,
    )
  })

  test.each([
    ['a rule that there is not', { rules: { off: ['IM99'] } }, 'unknown rule "IM99"'],
    ['a number that there is not', { parameters: { 'no-such-number': 4000 } }, 'unknown parameter'],
    [
      'a code that stands for nothing',
      { 'local-codes': [{ system: 'urn:oid:1.2.3', code: 'X', means: { system: 'urn:none', code: '1' } }] },
      'no value set holds that',
    ],
    [
      'an order that there is not',
      { clients: { 'order-codes': { nonsense: imaging } } },
      'unknown order "nonsense"',
    ],
    ['a key that there is not', { colour: 'blue' }, 'colour'],
  ])('with %s it is not made, and says why', async (_, site, told) => {
    await open()
    await expect(openContent(root, written(site), folder)).rejects.toThrow(told)
  })
})

describe('of the pathway itself', () => {
  const written = loadContent(repository)
  let taken: Content
  beforeAll(async () => {
    const { how, content } = await openContent(repository, undefined, kept)
    expect(how).toBe('read')
    taken = content
  })

  test('says the same as what was read', () => {
    expectSame(taken, written)
  })

  test('reads every code and every name the same', () => {
    const [read, made] = [taken.codes, written.codes]
    const sets = new Set(made.sets.keys())
    // Compared by Node: an expectation for each of them takes many times as long.
    const other = made.rows.filter(
      ({ system, code, display }) =>
        !isDeepStrictEqual(read.read({ system, code }), made.read({ system, code })) ||
        read.lookupByName(display, sets).length !== made.lookupByName(display, sets).length,
    )
    expect(made.rows.length).toBeGreaterThan(1000)
    expect(other.map(({ system, code }) => `${system} ${code}`)).toEqual([])
  })
})
