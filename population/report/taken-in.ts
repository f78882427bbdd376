/** What the pages of report and rehearsal say alike of an export as it came. */
import { type Html, html } from '../../src/pages/html.ts'
import { table, whole } from '../../src/quality/frame.ts'
import type { Unplaced } from '../unplaced.ts'

export const takenIn = (unread: readonly string[], repeated: number): Html =>
  html`${
    unread.length === 0
      ? undefined
      : html`<strong>Files that were not read</strong>, because their names tell no type of FHIR: ${unread.join(', ')}. `
  }${
    repeated === 0
      ? 'Each entry stood there once.'
      : `${whole(repeated)} entries stood there more than once; of each the one that was updated last is read.`
  }`

export const ofNobodyTable = (unplaced: readonly Unplaced[]): Html =>
  unplaced.length === 0
    ? html`<p>Every entry has a patient of this export and a date.</p>`
    : table(
        'Entries that count for nobody',
        [
          { name: 'Type' },
          { name: 'Of no patient in the export', figure: true },
          { name: 'Without a whole date', figure: true },
        ],
        unplaced.map(({ type, ofNobody, undated }) => [type, whole(ofNobody), whole(undated)]),
      )
