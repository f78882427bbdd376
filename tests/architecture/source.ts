/** The files of the project, as these tests read them. */
import { readdirSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { root } from '../support/evaluator.ts'

interface Import {
  from: string
  to: string
  typeOnly: boolean
}

export const source = (file: string) => readFileSync(join(root, file), 'utf8')
export const filesIn = (folder: string) =>
  readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' }).filter((name) =>
    name.endsWith('.ts'),
  )
export const src = filesIn('src').sort()

export const partOf = (file: string) => file.replace(/\.ts$/, '').replace(/\/.*$/, '')

/** `import type` and `export type` are gone at run time; an inline `type` is not. */
const importing = /^(?:import|export)\s(type\s)?(?:[^'";]*?\sfrom\s)?'([^']+)'/gm
export function importsOf(file: string, folder: string): Import[] {
  return [...source(join(folder, file)).matchAll(importing)].map(([, type, to = '']) => ({
    from: file,
    to: to.startsWith('.') ? join(dirname(file), to) : to,
    typeOnly: type !== undefined,
  }))
}
export const imports = src.flatMap((file) => importsOf(file, 'src'))
export const inside = imports.filter(({ to }) => to.endsWith('.ts'))
export const told = ({ from, to, typeOnly }: Import) => `${from} → ${to}${typeOnly ? ' (types)' : ''}`

/** Without comments. */
export const code = (file: string) =>
  source(join('src', file)).replace(/\/\*[\s\S]*?\*\/|(^|\s)\/\/.*$/gm, '')
export const mentions = (files: readonly string[], word: RegExp) =>
  files.filter((file) => word.test(code(file)))

export const clock = /\bDate\.now\b|new Date\(\)|\bperformance\b/
