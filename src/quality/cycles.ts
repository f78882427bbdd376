/** What a team wrote down of its cycles of plan, do, study, act: kept in the ledger's store, withdrawn and never changed. */
import { LumbarError } from '../errors.ts'
import type { Sql } from '../ledger/sql.ts'
import { type CycleNote, phases } from './series.ts'

/** Characters. Longer ones are no note beside a chart. */
const longest = { cycle: 60, words: 300 } as const
/** So many notes are read; a team writes some twenty a year. */
const mostNotes = 500

/** In the order of their days, without those that were withdrawn. */
export async function cycleNotes(sql: Sql): Promise<CycleNote[]> {
  const [rows = []] = await sql.batch([
    {
      sql: `select id, measure, cycle, phase, day, words from lumbar_ledger_cycle c where withdraws is null
        and not exists (select 1 from lumbar_ledger_cycle w where w.withdraws = c.id) order by day, at limit ${mostNotes}`,
    },
  ])
  return rows.flatMap(({ id, measure, cycle, phase, day, words }) => {
    const known = phases.find((each) => each === phase)
    if (!known) return []
    return [
      {
        id: String(id),
        measure: String(measure),
        cycle: String(cycle),
        phase: known,
        day: String(day),
        words: String(words),
      },
    ]
  })
}

/** Notes of one measure, and those of all. */
export const notesOf = (notes: readonly CycleNote[], measure: string) =>
  notes.filter((note) => note.measure === measure || note.measure === 'all')

interface Writing {
  id: string
  at: number
  author: string
}

/** @throws LumbarError `invalid-request` that says what to mend, and repeats nothing of what was sent */
export async function writeNote(
  sql: Sql,
  form: unknown,
  measures: readonly string[],
  { id, at, author }: Writing,
): Promise<void> {
  const note = noteIn(form, measures)
  await sql.batch([
    {
      sql: 'insert into lumbar_ledger_cycle (id, at, author, measure, cycle, phase, day, words) values ($1, $2, $3, $4, $5, $6, $7, $8)',
      values: [id, at, author, note.measure, note.cycle, note.phase, note.day, note.words],
    },
  ])
}

/** As a row of its own: what stood there stays, for whoever asks later. */
export async function withdrawNote(sql: Sql, note: string, { id, at, author }: Writing): Promise<void> {
  const [rows = []] = await sql.batch([
    {
      sql: `insert into lumbar_ledger_cycle (id, at, author, measure, cycle, phase, day, words, withdraws)
        select $1, $2, $3, measure, cycle, phase, day, '', id from lumbar_ledger_cycle where id = $4 and withdraws is null returning id`,
      values: [id, at, author, note],
    },
  ])
  if (rows.length === 0) throw new LumbarError('unknown-route', 'There is no such note.')
}

function noteIn(form: unknown, measures: readonly string[]): Omit<CycleNote, 'id'> {
  const field = (name: string): string => {
    const value = (form as Record<string, unknown> | null)?.[name]
    if (value === undefined || value === '') return ''
    if (typeof value !== 'string') throw wrong('Each field is sent once.')
    return value.trim()
  }
  const [measure, cycle, phase, day, words] = ['measure', 'cycle', 'phase', 'day', 'words'].map(field) as [
    string,
    string,
    string,
    string,
    string,
  ]
  if (measure !== 'all' && !measures.includes(measure)) throw wrong('Choose one of the measures.')
  if (cycle === '') throw wrong('Give the change a name.')
  if (cycle.length > longest.cycle) throw wrong(`The name has at most ${longest.cycle} characters.`)
  if (words.length > longest.words) throw wrong(`The words have at most ${longest.words} characters.`)
  if (hasControls(cycle + words)) throw wrong('Names and words are plain text of one line.')
  const known = phases.find((each) => each === phase)
  if (!known) throw wrong('The phase is plan, do, study or act.')
  if (!isDay(day)) throw wrong('The day is one such as 2026-03-01, from 2000 to 2100.')
  return { measure, cycle, phase: known, day, words }
}

const hasControls = (text: string) => /[\p{Cc}\p{Cs}\u2028\u2029]/u.test(text)

function isDay(day: string): boolean {
  if (!/^20\d\d-\d\d-\d\d$/.test(day)) return false
  const at = new Date(`${day}T00:00:00Z`)
  return !Number.isNaN(at.getTime()) && at.toISOString().startsWith(day)
}

const wrong = (message: string) => new LumbarError('invalid-request', message)
