/** Resources sorted by type: filled in one pass, then each once, and found again by type and id. */
import type { FhirResource } from 'fhir/r4.js'
import type { IdTable } from './id-table.ts'

export class Shelf {
  readonly resources = new Map<string, readonly FhirResource[]>()
  readonly #tables: ReadonlyMap<string, IdTable>

  constructor(tables: ReadonlyMap<string, IdTable>) {
    this.#tables = tables
    for (const [type, { resources }] of tables) {
      if (resources.length > 0) this.resources.set(type, resources)
    }
  }

  /** A relative reference means the server of the resource that it stands in. */
  find(type: string, id: string, base?: string, from?: FhirResource): FhirResource | undefined {
    const table = this.#tables.get(type)
    if (base !== undefined || from === undefined || !table?.isShared(id)) return table?.find(id, base)
    return table.find(id, this.#tables.get(from.resourceType)?.baseOf(from)) ?? table.find(id)
  }

  findById(id: string): FhirResource | undefined {
    for (const table of this.#tables.values()) {
      const found = table.find(id)
      if (found) return found
    }
    return undefined
  }
}
