/** The compiled pathway: it is the content as it was read, and what is stale, damaged or out of reach is never served. */
import { execFile } from 'node:child_process'
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { type Opened, openContent } from '../../src/content/compiled.ts'
import type { Content } from '../../src/content/content.ts'
import { digestOf } from '../../src/content/digest.ts'
import { loadContent } from '../../src/content/load.ts'
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
const only = () => join(folder, files()[0] ?? '')

/** Without what is a function of the rest. */
function plain({ codes, ...content }: Content) {
  return { ...content, rows: codes.rows, sets: codes.sets }
}

describe('of a small pathway', () => {
  test('is made at the first start and taken at the next', async () => {
    const made = await open()
    const taken = await open()
    expect([made.how, taken.how, files().length]).toEqual(['made', 'read', 1])
    expect(plain(taken.content)).toEqual(plain(loadContent(root)))
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
    const old = readFileSync(only())
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
    writeFileSync(only(), damage(readFileSync(only())))
    const { how, content } = await open()
    expect([how, plain(content), (await open()).how]).toEqual(['made', plain(sound), 'read'])
  })

  test('is done without where the folder cannot be written', async () => {
    writeFileSync(folder, 'a file stands in its place')
    const { how, content } = await open()
    expect(how).toEqual({ unkept: expect.stringMatching(/^E[A-Z]+$/) })
    expect(plain(content)).toEqual(plain(loadContent(root)))
  })

  test('is whole when several processes make it at once', async () => {
    const compiled = join(repository, 'src/content/compiled.ts')
    const program = `const { openContent } = await import(${JSON.stringify(compiled)})
      const { how, content } = await openContent(${JSON.stringify(root)}, undefined, ${JSON.stringify(folder)})
      console.log(typeof how, content.digest)`
    const ask = () => promisify(execFile)(process.execPath, ['--input-type=module', '--eval', program])
    const said = await Promise.all([ask(), ask(), ask()])
    expect(new Set(said.map(({ stdout }) => stdout))).toEqual(new Set([`string ${digestOf(root)}\n`]))
    expect([files().length, (await open()).how]).toEqual([1, 'read'])
  })

  test('of contents that nobody uses any more does not fill the disk', async () => {
    mkdirSync(folder)
    for (let n = 0; n < 40; n++) writeFileSync(join(folder, `pathway-${n}.bin`), '')
    await open()
    expect(files().length).toBeLessThan(18)
    expect((await open()).how).toBe('read')
  })
})

describe('of the pathway itself', () => {
  const written = loadContent(repository)
  let kept: string
  let taken: Content
  beforeAll(async () => {
    kept = mkdtempSync(join(tmpdir(), 'lumbar-compiled-'))
    await openContent(repository, undefined, kept)
    const { how, content } = await openContent(repository, undefined, kept)
    expect(how).toBe('read')
    taken = content
  })
  afterAll(() => rmSync(kept, { recursive: true, force: true }))

  test('says the same as what was read', () => {
    expect(plain(taken)).toEqual(plain(written))
  })

  test('reads every code and every name the same', () => {
    const [read, made] = [taken.codes, written.codes]
    const sets = new Set(made.sets.keys())
    for (const { system, code, display } of made.rows) {
      expect(read.read({ system, code })).toEqual(made.read({ system, code }))
      expect(read.lookupByName(display, sets).length).toBe(made.lookupByName(display, sets).length)
    }
  })
})
