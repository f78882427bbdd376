/** Counts what came of each post, and shows it as one table: a source a line. */
import { table } from './table.ts'

interface Row {
  files: number
  posts: number
  statuses: Map<number, number>
  rules: Map<string, number>
}

interface Outcome {
  status: number
  /** Codes of the rules whose cards came. */
  rules: readonly string[]
  ms: number
  what: string
}

export class Tally {
  readonly #rows = new Map<string, Row>()
  #slowest: Outcome | undefined

  addFile(source: string): void {
    this.#row(source).files += 1
  }

  add(source: string, outcome: Outcome): void {
    const row = this.#row(source)
    row.posts += 1
    count(row.statuses, outcome.status)
    for (const rule of outcome.rules) count(row.rules, rule)
    if (!this.#slowest || outcome.ms > this.#slowest.ms) this.#slowest = outcome
  }

  get cards(): number {
    return [...this.#rows.values()].reduce((sum, { rules }) => sum + total(rules), 0)
  }

  toString(): string {
    const statuses = [...new Set([...this.#rows.values()].flatMap((row) => [...row.statuses.keys()]))].sort()
    const head = ['source', 'files', 'posts', ...statuses.map(String), 'cards', 'by rule']
    const cells = [...this.#rows, ['all', this.#sum()] as const].map(([source, row]) => [
      source,
      String(row.files),
      String(row.posts),
      ...statuses.map((status) => String(row.statuses.get(status) ?? '')),
      String(total(row.rules) || ''),
      [...row.rules]
        .sort(([a], [b]) => a.localeCompare(b))
        .map(([rule, n]) => `${rule} ${n}`)
        .join(', '),
    ])
    const slowest = this.#slowest ? `slowest: ${Math.round(this.#slowest.ms)} ms, ${this.#slowest.what}` : ''
    return `${table([head, ...cells])}\n${slowest}`
  }

  #row(source: string): Row {
    const known = this.#rows.get(source)
    if (known) return known
    const row: Row = { files: 0, posts: 0, statuses: new Map(), rules: new Map() }
    this.#rows.set(source, row)
    return row
  }

  #sum(): Row {
    const sum: Row = { files: 0, posts: 0, statuses: new Map(), rules: new Map() }
    for (const { files, posts, statuses, rules } of this.#rows.values()) {
      sum.files += files
      sum.posts += posts
      for (const [status, n] of statuses) count(sum.statuses, status, n)
      for (const [rule, n] of rules) count(sum.rules, rule, n)
    }
    return sum
  }
}

const count = <K>(counts: Map<K, number>, key: K, by = 1) => counts.set(key, (counts.get(key) ?? 0) + by)

const total = (counts: ReadonlyMap<string, number>) => [...counts.values()].reduce((sum, n) => sum + n, 0)
