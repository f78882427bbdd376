/** Lumbar imaging that is named in words: which machine, which part of the spine, with or without contrast. */
import { Remembered } from '../../bounds.ts'
import type { CodeRow } from '../../pathway/codes.ts'
import type { Meanings } from '../../pathway/schema.ts'
import { outermost, Phrases, wordsIn } from '../phrases.ts'

const columns = ['modality', 'region', 'contrast'] as const
type Column = (typeof columns)[number]

interface Meaning {
  column: Column | 'not'
  value: string
}

/** Characters of an order's name that are read. */
const longestName = 500
/** Names that come again and again, and characters of each. */
const mostRemembered = 1000
const longestRemembered = 200

/** A row as the value set would hold it; undefined when the words name no lumbar imaging, or another place too. */
export function imagingReader({ imaging }: Meanings): (text: string) => CodeRow | undefined {
  const phrases = new Phrases<Meaning>()
  for (const column of columns) {
    for (const [value, terms] of Object.entries(imaging[column]))
      for (const term of terms) phrases.add(term, { column, value })
  }
  for (const term of imaging.not) phrases.add(term, { column: 'not', value: '' })

  const read = (text: string): CodeRow | undefined => {
    const name = text.slice(0, longestName)
    const found = outermost(phrases.find(wordsIn(name), 'longest'))
    const meanings = found.flatMap(({ payload }) => payload)
    if (meanings.some(({ column }) => column === 'not')) return undefined
    const valueIn = (column: Column) => meanings.find((each) => each.column === column)?.value
    const modality = valueIn('modality')
    const region = regionOf(meanings)
    if (!modality || !region) return undefined
    const group = `${modality}-${region}`.toLowerCase()
    return {
      set: imaging.set,
      group,
      key: `${imaging.set}/${group}`,
      system: '',
      code: '',
      display: name.split('|')[0]?.trim() ?? name,
      source: 'meanings.yaml',
      verified: false,
      columns: { modality, region, contrast: valueIn('contrast') ?? 'unspecified' },
    }
  }
  const remembered = new Remembered<{ row: CodeRow | undefined }>(mostRemembered, longestRemembered)
  return (text) => {
    const known = remembered.get(text)
    if (known) return known.row
    const row = read(text)
    remembered.set(text, { row })
    return row
  }
}

/** "Lumbar spine" says where; "spine" alone does not. */
function regionOf(meanings: readonly Meaning[]): string | undefined {
  const regions = meanings.filter(({ column }) => column === 'region').map(({ value }) => value)
  return regions.find((region) => region !== 'spine-level-unspecified') ?? regions[0]
}
