/**
 * A ViewDefinition of SQL on FHIR v2 as a query of DuckDB. Compiled is what our views use and what the official tests of
 * these functions ask: column, select, forEach, forEachOrNull, unionAll, where, constant; not repeat, %rowIndex and
 * boundaries.
 */
import { Used } from './columns.ts'
import { type Constants, compileExpressions, type Value } from './expression.ts'
import { parsePath, ViewError } from './parse.ts'

interface ViewColumn {
  name: string
  path: string
  type?: string
  collection?: boolean
}

interface ViewSelect {
  column?: readonly ViewColumn[]
  select?: readonly ViewSelect[]
  forEach?: string
  forEachOrNull?: string
  unionAll?: readonly ViewSelect[]
}

export interface ViewDefinition {
  resource: string
  name?: string
  status?: string
  constant?: readonly Readonly<Record<string, unknown>>[]
  select: readonly ViewSelect[]
  where?: readonly { path: string }[]
}

const clauses = ['column', 'select', 'forEach', 'forEachOrNull', 'unionAll', 'where', 'name', 'description']

interface Column {
  name: string
  sql: string
}

interface CompiledView {
  columns: readonly string[]
  /** The query over what `source` names, a relation of the columns that the resource was read with. */
  query(source: string): string
}

/** `used` gathers what the views of this resource type read of it: one for all of them, so that a file is read once. */
export function compileView(view: ViewDefinition, used: Used): CompiledView {
  if (!Array.isArray(view.select) || view.select.length === 0) throw new ViewError('a view selects something')
  const expressions = compileExpressions(constantsOf(view))
  const root: Value = { sql: '', many: false, kind: 'object', used, root: {} }
  let made = 0

  function column({ name, path, type, collection }: ViewColumn, at: Value): Column {
    const value = expressions.compile(parsePath(path), at)
    if (collection) return { name, sql: value.many ? `coalesce(${value.sql}, [])` : `[${value.sql}]` }
    if (value.kind === 'object' && !value.many) return { name, sql: value.sql }
    const one = value.many
      ? `(CASE WHEN len(${value.sql}) > 1 THEN error('${name} has several values, and is no collection') ELSE (${value.sql})[1] END)`
      : value.sql
    return { name, sql: type === 'integer' || type === 'integer64' ? `try_cast(${one} AS BIGINT)` : one }
  }

  /** Its columns in their order, over a relation that grows by an unnested element with every forEach. */
  function selected(
    select: ViewSelect,
    at: Value,
    relation: string,
  ): { columns: Column[]; relation: string } {
    const unknown = Object.keys(select).find((key) => !clauses.includes(key))
    if (unknown) throw new ViewError(`"${unknown}" is no clause that is compiled`)
    const each = select.forEach ?? select.forEachOrNull
    let here = at
    let rows = relation
    if (each !== undefined) {
      const list = expressions.compile(parsePath(each), at)
      const name = `_e${++made}`
      const entries = list.many ? list.sql : `CASE WHEN ${list.sql} IS NULL THEN [] ELSE [${list.sql}] END`
      const kept =
        select.forEach === undefined
          ? `CASE WHEN coalesce(len(${entries}), 0) = 0 THEN [NULL] ELSE ${entries} END`
          : entries
      rows = `SELECT *, unnest(${kept}) AS ${name} FROM (${rows})`
      here = { ...list, sql: name, many: false }
    }
    const columns = (select.column ?? []).map((declared) => column(declared, here))
    for (const inner of select.select ?? []) {
      const found = selected(inner, here, rows)
      columns.push(...found.columns)
      rows = found.relation
    }
    if (select.unionAll) {
      const branches = select.unionAll.map((branch) => selected(branch, here, rows))
      const names = (branches[0]?.columns ?? []).map(({ name }) => name)
      if (branches.some((branch) => branch.columns.map(({ name }) => name).join() !== names.join()))
        throw new ViewError('the parts of a unionAll have the same columns in the same order')
      const kept = names.map((name) => ({ name, sql: `_u${++made}` }))
      rows = branches
        .map(({ columns: own, relation: from }) => {
          const list = own.map(({ sql }, n) => `${sql} AS ${kept[n]?.sql}`)
          return `SELECT *, ${list.join(', ')} FROM (${from})`
        })
        // What one part has unnested is empty in the others.
        .join(' UNION ALL BY NAME ')
      columns.push(...kept)
    }
    return { columns, relation: rows }
  }

  const columns: Column[] = []
  const conditions = (view.where ?? []).map(({ path }) =>
    expressions.truth(expressions.compile(parsePath(path), root)),
  )
  let relation = `SELECT * FROM SOURCE${conditions.length > 0 ? ` WHERE ${conditions.join(' AND ')}` : ''}`
  for (const select of view.select) {
    const found = selected(select, root, relation)
    columns.push(...found.columns)
    relation = found.relation
  }
  const list = columns.map(({ name, sql }) => `${sql} AS "${name}"`).join(', ')
  const query = `SELECT ${list} FROM (${relation})`
  return {
    columns: columns.map(({ name }) => name),
    query: (source) => query.replaceAll('FROM SOURCE', `FROM ${source}`),
  }
}

function constantsOf({ constant = [] }: ViewDefinition): Constants {
  return new Map(
    constant.map((declared) => {
      const [, value] = Object.entries(declared).find(([key]) => /^value[A-Z]/.test(key)) ?? []
      if (typeof value !== 'string' && typeof value !== 'number' && typeof value !== 'boolean')
        throw new ViewError(`the constant ${String(declared.name)} has no value`)
      return [String(declared.name), value]
    }),
  )
}

/** The resource of a view, of which nothing is read yet. */
export function usedOf(resource: unknown): Used {
  if (typeof resource !== 'string' || !/^[A-Z]\w+$/.test(resource))
    throw new ViewError('a view is of a resource')
  return new Used({ type: resource, repeats: false })
}

/** What all views of a type read of it. */
export function usedBy(views: readonly ViewDefinition[], type: string): Used {
  const used = usedOf(type)
  for (const view of views) if (view.resource === type) compileView(view, used)
  return used
}
