/** Every file says what it is for, and every file of the tests is used. */
import { readdirSync } from 'node:fs'
import { dirname, join, relative } from 'node:path'
import { describe, expect, test } from 'vitest'
import { root } from '../support/evaluator.ts'
import { filesIn, importsOf, source } from './source.ts'

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
