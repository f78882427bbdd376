/** What a token may read, by its SMART scopes (versions 1 and 2). */

/** `part`: only some resources of the type, so that one not shown may still exist. */
export type Permission = 'all' | 'part' | 'none'
export type Interaction = 'read' | 'search'

const resourceScope = /^(?:patient|user|system)\/(\*|[A-Za-z]+)\.(\*|read|write|[cruds]+)(\?.+)?$/

/**
 * Some clients send words of their own, such as `Observation.Read (Labs) (R4)`. Only SMART scopes are understood;
 * where there are none, nothing is known and everything may be tried.
 */
export function permits(
  scope: string | undefined,
  type: string,
  interaction: Interaction = 'search',
): Permission {
  let isSmart = false
  let permission: Permission = 'none'
  for (const word of scope?.split(/\s+/) ?? []) {
    const [, of, rights = '', filter] = resourceScope.exec(word) ?? []
    if (of === undefined) continue
    isSmart = true
    if ((of !== '*' && of !== type) || !grants(rights, interaction)) continue
    if (filter === undefined) return 'all'
    permission = 'part'
  }
  return isSmart ? permission : 'all'
}

/** Version 1 says `read` for both; version 2 has a letter for each. */
function grants(rights: string, interaction: Interaction): boolean {
  if (rights === 'write') return false
  if (rights === 'read' || rights === '*') return true
  return rights.includes(interaction === 'read' ? 'r' : 's')
}
