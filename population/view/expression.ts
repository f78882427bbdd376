/** FHIRPath of the views into expressions of DuckDB over typed columns. Empty is NULL, or a list without entries. */
import type { Used } from './columns.ts'
import { type Path, ViewError } from './parse.ts'

export interface Value {
  sql: string
  /** A list of such values. */
  many: boolean
  kind: 'string' | 'number' | 'boolean' | 'object'
  used?: Used
  /** The resource itself, whose elements are columns; `guard` is what it must fulfil. */
  root?: { guard?: string }
}

export type Constants = ReadonlyMap<string, string | number | boolean>

export const quoted = (text: string) => `'${text.replaceAll("'", "''")}'`

export function compileExpressions(constants: Constants) {
  let made = 0
  const fresh = () => `_x${++made}`

  function literal(value: string | number | boolean): Value {
    if (typeof value === 'string') return { sql: quoted(value), many: false, kind: 'string' }
    return {
      sql: String(value),
      many: false,
      kind: typeof value === 'number' ? 'number' : 'boolean',
    }
  }

  function compile(path: Path, at: Value): Value {
    switch (path.kind) {
      case 'this':
        return at
      case 'literal':
        return literal(path.value)
      case 'constant': {
        const value = constants.get(path.name)
        if (value === undefined) throw new ViewError(`there is no constant %${path.name}`)
        return literal(value)
      }
      case 'member':
        return path.of === undefined && path.name === at.used?.type
          ? at
          : member(path.of ? compile(path.of, at) : at, path.name)
      case 'index': {
        const index = compile(path.at, at)
        if (index.kind !== 'number' || index.many) throw new ViewError('an index is a number')
        const of = compile(path.of, at)
        return of.many
          ? { ...of, sql: `${of.sql}[(${index.sql})::BIGINT + 1]`, many: false }
          : { ...of, sql: `CASE WHEN ${index.sql} = 0 THEN ${of.sql} END` }
      }
      case 'operation':
        return operation(path.operator, compile(path.left, at), compile(path.right, at))
      case 'call':
        return call(path, at)
    }
  }

  function member(of: Value, name: string): Value {
    if (!of.used || of.kind !== 'object')
      throw new ViewError(`"${name}" is asked of something that has no elements`)
    const used = of.used.child(name)
    const kind = used.isPrimitive ? (used.type as Value['kind']) : 'object'
    const column = `"${name}"`
    if (of.root) {
      const { guard } = of.root
      return {
        sql: guard ? `(CASE WHEN ${guard} THEN ${column} END)` : column,
        many: used.repeats,
        kind,
        used,
      }
    }
    if (!of.many) return { sql: `(${of.sql}).${column}`, many: used.repeats, kind, used }
    const each = fresh()
    const sql = used.repeats
      ? `flatten(list_transform(${of.sql}, lambda ${each}: coalesce((${each}).${column}, [])))`
      : `list_filter(list_transform(${of.sql}, lambda ${each}: (${each}).${column}), lambda ${each}: ${each} IS NOT NULL)`
    return { sql, many: true, kind, used }
  }

  /** As one value: of more than one it is the first, as `first()` has it. */
  const single = (value: Value): Value =>
    value.many ? { ...value, sql: `(${value.sql})[1]`, many: false } : value

  function operation(operator: string, left: Value, right: Value): Value {
    const [a, b] = [single(left), single(right)]
    if (operator === 'and' || operator === 'or') {
      if (a.kind !== 'boolean' || b.kind !== 'boolean')
        throw new ViewError(`"${operator}" joins what is true or false`)
      return { sql: `(${a.sql} ${operator.toUpperCase()} ${b.sql})`, many: false, kind: 'boolean' }
    }
    if ('+-*/'.includes(operator))
      return { sql: `(${a.sql} ${operator} ${b.sql})`, many: false, kind: 'number' }
    return { sql: `(${a.sql} ${operator === '!=' ? '<>' : operator} ${b.sql})`, many: false, kind: 'boolean' }
  }

  const isThere = ({ root, many, sql }: Value) => {
    if (root) return root.guard ? `coalesce(${root.guard}, false)` : 'true'
    return many ? `(coalesce(len(${sql}), 0) > 0)` : `(${sql} IS NOT NULL)`
  }

  function filtered(of: Value, criterion: Path): Value {
    if (of.root) return { ...of, root: { guard: truth(compile(criterion, of)) } }
    const each = fresh()
    if (of.many) {
      const holds = truth(compile(criterion, { ...of, sql: each, many: false }))
      return { ...of, sql: `list_filter(${of.sql}, lambda ${each}: coalesce(${holds}, false))` }
    }
    return { ...of, sql: `(CASE WHEN ${truth(compile(criterion, of))} THEN ${of.sql} END)` }
  }

  function truth(value: Value): string {
    const one = single(value)
    if (one.kind !== 'boolean') throw new ViewError('a condition is true or false')
    return one.sql
  }

  function call(path: Path & { kind: 'call' }, at: Value): Value {
    const [first] = path.with
    if (path.name === 'ofType') return ofType(path, at)
    const of = path.of ? compile(path.of, at) : at
    switch (path.name) {
      case 'first':
        return single(of)
      case 'exists':
        return { sql: isThere(first ? filtered(of, first) : of), many: false, kind: 'boolean' }
      case 'empty':
        return { sql: `(NOT ${isThere(of)})`, many: false, kind: 'boolean' }
      case 'not':
        return { sql: `(NOT ${truth(of)})`, many: false, kind: 'boolean' }
      case 'where':
        if (!first) throw new ViewError('where() needs a condition')
        return filtered(of, first)
      case 'join': {
        const separator = first ? compile(first, at).sql : "''"
        const list = of.many ? of.sql : `[${of.sql}]`
        return { sql: `coalesce(array_to_string(${list}, ${separator}), '')`, many: false, kind: 'string' }
      }
      case 'extension': {
        if (!first) throw new ViewError('extension() needs an address')
        const url: Path = { kind: 'member', of: undefined, name: 'url' }
        return filtered(member(of, 'extension'), {
          kind: 'operation',
          operator: '=',
          left: url,
          right: first,
        })
      }
      case 'getResourceKey':
        return member(of, 'id')
      case 'getReferenceKey':
        return referenceKey(of, first)
      default:
        throw new ViewError(`there is no function ${path.name}() in what is compiled`)
    }
  }

  /** FHIR writes the type behind the name of an element: `value.ofType(code)` is `valueCode`. */
  function ofType({ of: target, with: [type] }: Path & { kind: 'call' }, at: Value): Value {
    if (target?.kind !== 'member' || type?.kind !== 'member')
      throw new ViewError('ofType() stands behind an element that may be of several types')
    const parent = target.of ? compile(target.of, at) : at
    return member(parent, `${target.name}${type.name.slice(0, 1).toUpperCase()}${type.name.slice(1)}`)
  }

  /** `Patient/1`, an absolute address that ends so, one with a version, or a `urn:uuid:`. */
  function referenceKey(of: Value, type: Path | undefined): Value {
    const reference = single(member(of, 'reference'))
    const named = type?.kind === 'member' ? type.name : '[A-Z][A-Za-z]+'
    const pattern = `(?:^|/)${named}/([A-Za-z0-9.-]+)`
    const urn = type ? '' : ` WHEN starts_with(${reference.sql}, 'urn:') THEN ${reference.sql}`
    const sql = `(CASE${urn} ELSE nullif(regexp_extract(${reference.sql}, ${quoted(pattern)}, 1), '') END)`
    return {
      sql: type ? `nullif(regexp_extract(${reference.sql}, ${quoted(pattern)}, 1), '')` : sql,
      many: false,
      kind: 'string',
    }
  }

  return { compile, truth, single }
}
