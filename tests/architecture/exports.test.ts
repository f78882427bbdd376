/** What leaves a file is used by another: an `export` that nobody imports hides that the thing is its file's own, or dead. */
import { dirname, join } from 'node:path'
import { expect, test } from 'vitest'
import { filesIn, source } from './source.ts'

const folders = ['src', 'sandbox', 'conform', 'population', 'fhir-fixtures', 'tests', 'bench', 'tools']
const files = folders
  .flatMap((folder) => filesIn(folder).map((file) => join(folder, file)))
  .filter((file) => !file.includes('node_modules/'))

/** The entry of the package: what it exports is for other programs. */
const entries = ['src/library.ts']

interface Taking {
  from: string
  names: readonly string[]
}

const namesIn = (clause: string) =>
  clause.split(',').flatMap((each) => /^\s*(?:type\s+)?(\w+)/.exec(each)?.slice(1) ?? [])

/** What a file takes from others: by `import`, by `export … from`, or when it needs it by `import()`. */
function takingsOf(file: string): Taking[] {
  const text = source(file)
  const at = (to: string) => join(dirname(file), to)
  const named = [
    ...text.matchAll(/^(?:import|export)\s(?:type\s)?(?:\w+,\s)?\{([^}]*)\}\sfrom\s'(\.[^']+)'/gm),
  ].map(([, clause = '', to = '']) => ({ from: at(to), names: namesIn(clause) }))
  // `import * as all`, and the one door of the schemas, are taken whole; so is what `import()` brings, unless it says.
  const whole = [...text.matchAll(/^import\s(?:type\s)?\*\sas\s\w+\sfrom\s'(\.[^']+)'/gm)]
  const later = [...text.matchAll(/import\(\s*'(\.[^']+)'\s*\)/g)]
  return [...named, ...[...whole, ...later].map(([, to = '']) => ({ from: at(to), names: ['*'] }))]
}

/** `export * from './other.ts'`: who takes from the door takes from what stands behind it. */
const doors = files.flatMap((file) =>
  [...source(file).matchAll(/^export \* from '(\.[^']+)'/gm)].map(([, to = '']) => ({
    door: file,
    behind: join(dirname(file), to),
  })),
)

const taken = new Map<string, Set<string>>()
for (const { from, names } of [...files, 'vitest.config.ts', 'start.js'].flatMap(takingsOf)) {
  const places = [from, ...doors.flatMap(({ door, behind }) => (door === from ? [behind] : []))]
  for (const place of places) taken.set(place, new Set([...(taken.get(place) ?? []), ...names]))
}

const exported =
  /^export (?:async )?(?:function\*?|const|let|interface|type|class) (\w+)|^export (?:type )?\{([^}]*)\}$/gm

test('an export is imported by another file', () => {
  const unused = files
    .filter((file) => !entries.includes(file))
    .flatMap((file) => {
      const users = taken.get(file) ?? new Set()
      if (users.has('*')) return []
      return [...source(file).matchAll(exported)]
        .flatMap(([, name, clause]) => (name ? [name] : namesIn(clause ?? '')))
        .filter((name) => !users.has(name))
        .map((name) => `${file}: ${name}`)
    })
  expect(unused).toEqual([])
})
