/** How changes are said: added, removed, and from what to what. */
import pc from 'picocolors'

export interface Section {
  title: string
  lines: readonly string[]
  /** Something is otherwise than it was. */
  isChange: boolean
}

export const section = (title: string, lines: readonly string[]): Section => ({
  title,
  lines,
  isChange: lines.length > 0,
})

export const added = (text: string) => pc.green(`+ ${text}`)
export const removed = (text: string) => pc.red(`- ${text}`)
export const indented = (lines: readonly string[]) => lines.map((line) => `    ${line}`)

export const isSame = (one: unknown, other: unknown) => JSON.stringify(one) === JSON.stringify(other)

/** Names of two records, in the order of the later one; those that went come last. */
export function namesOf(before: object, after: object): string[] {
  return [...new Set([...Object.keys(after), ...Object.keys(before)])]
}

/** Every key that differs, each in a line. Lists are told by what came and what went. */
export function keyChanges(before: object, after: object, without: readonly string[] = []): string[] {
  return namesOf(before, after)
    .filter((key) => !without.includes(key))
    .flatMap((key) => {
      const [was, is]: unknown[] = [Reflect.get(before, key), Reflect.get(after, key)]
      if (isSame(was, is)) return []
      return Array.isArray(was ?? []) && Array.isArray(is ?? [])
        ? [`${key}: ${listChange((was ?? []) as unknown[], (is ?? []) as unknown[])}`]
        : [`${key}: ${fromTo(was, is)}`]
    })
}

export function listChange(before: readonly unknown[], after: readonly unknown[]): string {
  const came = after.filter((item) => !before.some((other) => isSame(item, other)))
  const went = before.filter((item) => !after.some((other) => isSame(item, other)))
  const said = [...came.map((item) => added(shown(item))), ...went.map((item) => removed(shown(item)))]
  return said.length > 0 ? said.join('  ') : 'the same in another order'
}

export const fromTo = (was: unknown, is: unknown) => `${shown(was)} → ${shown(is)}`

function shown(value: unknown): string {
  if (value === undefined) return '(nothing)'
  if (typeof value === 'string') return value.includes(' ') ? `“${value.trim()}”` : value
  return typeof value === 'object' ? JSON.stringify(value) : String(value)
}

/** Added, removed and changed things of two records by name. */
export function recordChanges<T extends object>(
  before: Readonly<Record<string, T>>,
  after: Readonly<Record<string, T>>,
  tell: { name: (name: string, thing: T) => string; changes: (was: T, is: T) => readonly string[] },
): string[] {
  return namesOf(before, after).flatMap((name) => {
    const [was, is] = [before[name], after[name]]
    if (was === undefined) return is === undefined ? [] : [added(tell.name(name, is))]
    if (is === undefined) return [removed(tell.name(name, was))]
    const changes = isSame(was, is) ? [] : tell.changes(was, is)
    return changes.length > 0 ? [tell.name(name, is), ...indented(changes)] : []
  })
}
