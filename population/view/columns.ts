/**
 * The columns that views read of a resource, as a tree that grows while they are compiled: a file of NDJSON is read with
 * exactly these types, and what no view asks for is never parsed.
 */
import { type ElementShape, elementOf, isPrimitive } from './elements.ts'
import { ViewError } from './parse.ts'

/** What is read, for another program that reads the same lines. */
interface Form {
  type: string
  repeats: boolean
  parts: Readonly<Record<string, Form>>
}

export class Used {
  readonly type: string
  readonly repeats: boolean
  readonly #children = new Map<string, Used>()

  constructor({ type, repeats }: ElementShape) {
    this.type = type
    this.repeats = repeats
  }

  has(name: string): boolean {
    return elementOf(this.type, name) !== undefined
  }

  child(name: string): Used {
    const known = this.#children.get(name)
    if (known) return known
    const shape = elementOf(this.type, name)
    if (!shape) throw new ViewError(`${this.type} has no element "${name}"`)
    const made = new Used(shape)
    this.#children.set(name, made)
    return made
  }

  get children(): ReadonlyMap<string, Used> {
    return this.#children
  }

  /** `STRUCT("system" VARCHAR, "code" VARCHAR)[]` */
  get sqlType(): string {
    return `${this.#single()}${this.repeats ? '[]' : ''}`
  }

  #single(): string {
    if (this.type === 'string') return 'VARCHAR'
    if (this.type === 'boolean') return 'BOOLEAN'
    if (this.type === 'number') return 'DOUBLE'
    // Asked only whether it is there.
    if (this.#children.size === 0) return 'JSON'
    return `STRUCT(${[...this.#children].map(([name, child]) => `"${name}" ${child.sqlType}`).join(', ')})`
  }

  /** As `read_ndjson` takes them; a file of which nothing is asked still has rows. */
  get columns(): Readonly<Record<string, string>> {
    if (this.#children.size === 0) this.child('id')
    return Object.fromEntries([...this.#children].map(([name, child]) => [name, child.sqlType]))
  }

  /**
   * SQL that is true where a list or parts stand in place of a text (DuckDB takes their JSON for it), or anything else in place of
   * parts; undefined where nothing can be so. A text that is itself JSON looks the same.
   */
  misplaced(sql = '', depth = 0): string | undefined {
    const one = this.repeats ? `e${depth}` : sql
    const found = this.#misplacedIn(one, depth + 1)
    if (found === undefined || !this.repeats) return found
    return `len(list_filter(${sql}, lambda ${one}: coalesce(${found}, false))) > 0`
  }

  #misplacedIn(sql: string, depth: number): string | undefined {
    if (this.type === 'string')
      return `(CASE WHEN starts_with(${sql}, '{') OR starts_with(${sql}, '[') THEN json_valid(${sql}) END)`
    if (this.isPrimitive) return undefined
    if (this.#children.size === 0) return `json_type(${sql}) NOT IN ('OBJECT', 'NULL')`
    const found = [...this.#children].flatMap(
      ([name, child]) => child.misplaced(sql === '' ? `"${name}"` : `${sql}."${name}"`, depth) ?? [],
    )
    return found.length === 0
      ? undefined
      : `(${found.map((each) => `coalesce(${each}, false)`).join(' OR ')})`
  }

  get form(): Form {
    const parts = [...this.#children].map(([name, child]) => [name, child.form] as const)
    return { type: this.type, repeats: this.repeats, parts: Object.fromEntries(parts) }
  }

  get isPrimitive(): boolean {
    return isPrimitive(this.type)
  }
}
