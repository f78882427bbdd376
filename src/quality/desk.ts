/** Finds what a page shows, for who may see it: reports, notes and the ledger put together. Draws nothing. */

import type { LedgerKeys } from '../ledger/keys.ts'
import type { Sql } from '../ledger/sql.ts'
import type { Content } from '../pathway/content.ts'
import { clinicianNames, ownMeasures } from './clinician.ts'
import { cycleNotes } from './cycles.ts'
import type { Drawer } from './drawer.ts'
import type { Framed } from './frame.ts'
import { cardFigures, cardSummary } from './from-ledger.ts'
import { lastMonths } from './ledger-queries.ts'
import { type ReportsFound, type ToldReport, toldOf } from './reports.ts'
import { latestLooks, maySee, Refusal, type Viewer } from './viewer.ts'

interface DeskSettings {
  sql: Sql
  keys: LedgerKeys
  content: Content
  reports: () => ReportsFound
  drawer: Drawer
  now: () => Date
}

/** `what` is how the audit log names it. */
type Shown = { what: string } & (
  | { make: (frame: Framed) => Promise<string | Uint8Array> }
  /** Below `/quality`. */
  | { to: string }
)

/** This month and the twelve before it. */
const monthsShown = 13

interface Desk {
  /** Ids of the charts that notes may stand beside. */
  charts(): readonly string[]
  /** @throws Refusal */
  find(name: string, id: string, viewer: Viewer): Promise<Shown>
}

export function openDesk({ sql, keys, content, reports, drawer, now }: DeskSettings): Desk {
  const { site, rules, overrideReasons } = content
  const notChecked = rules.flatMap((rule) =>
    rule.role === 'headline' && rule.heard === 'last' ? [rule.code] : [],
  )
  const titles = Object.fromEntries(rules.map(({ code, title }) => [code, title]))
  let told: { of: ReportsFound; report: ToldReport | undefined } | undefined

  function toldNow(): ToldReport | undefined {
    const found = reports()
    if (told?.of !== found) told = { of: found, report: toldOf(found.reports) }
    return told.report
  }

  const lastYear = () => lastMonths(monthsShown, now().getTime(), site['time-zone'])

  /** A clinician stands in the ledger under a key for each server; one sign-in is good for one of them, or says none. */
  function keysOf(id: string, server: string | undefined): readonly string[] {
    const issuers = site.callers?.issuers ?? []
    const known = [...issuers.flatMap((each) => [each.iss, ...each['fhir-servers']]), '']
    const places = (server === undefined ? known : [server]).map(
      (text) => URL.parse(text)?.href.replace(/\/$/, '') ?? text,
    )
    return [...new Set(places)].map((place) => keys.keyOf('clinician', place, id))
  }

  async function ownPage(id: string, viewer: Viewer) {
    const report = reports().reports.at(-1)
    const isOwn = viewer.clinician?.id === id
    if (!isOwn && !(report && clinicianNames(report).includes(id)))
      throw new Refusal(404, 'Not here', 'The last report names no such clinician.')
    const clinic = (isOwn ? viewer.clinic : undefined) ?? report?.clinicOf[id]
    return {
      clinician: id,
      clinic,
      period: report?.period,
      measures: report ? ownMeasures(report, id, clinic) : [],
      cards: await cardSummary(sql, {
        months: lastYear(),
        clinician: keysOf(id, isOwn ? viewer.clinician?.server : undefined),
      }),
    }
  }

  async function find(name: string, id: string, viewer: Viewer): Promise<Shown> {
    if (name === 'clinician' || name === 'letter') {
      if (!maySee(viewer, id))
        throw new Refusal(403, 'Not yours', 'You may see your own figures and those of your clinic.')
      const page = await ownPage(id, viewer)
      if (name === 'letter') {
        const cases = reports().reports.at(-1)?.cases[id] ?? []
        const letter = { ...page, cases, titles, written: dayOf(now()) }
        return { what: `clinicians/${id}/letter`, make: () => drawer.draw('letter', letter) }
      }
      return { what: `clinicians/${id}`, make: (frame) => drawer.draw('clinician', { ...frame, ...page }) }
    }
    if (viewer.role !== 'lead') {
      if (name === 'front' && viewer.clinician)
        return { what: 'own figures', to: `/clinicians/${encodeURIComponent(viewer.clinician.id)}` }
      throw new Refusal(403, 'Not yours', 'Only a quality lead sees this page.')
    }
    const report = toldNow()
    if (name === 'front') {
      const page = {
        told: report,
        cards: await cardSummary(sql, { months: lastYear() }),
        notes: await cycleNotes(sql),
        leftOut: reports().leftOut,
        today: dayOf(now()),
      }
      return { what: 'measures', make: (frame) => drawer.draw('front', { ...frame, ...page }) }
    }
    if (name === 'cards') {
      const page = {
        cards: await cardFigures(sql, { months: lastYear(), reasons: overrideReasons.reasons, notChecked }),
        notes: await cycleNotes(sql),
        titles,
      }
      return { what: 'cards', make: (frame) => drawer.draw('cards', { ...frame, ...page }) }
    }
    if (name === 'clinicians') {
      const last = reports().reports.at(-1)
      const clinicians = last ? clinicianNames(last) : []
      return { what: 'clinicians', make: (frame) => drawer.draw('clinicians', { ...frame, clinicians }) }
    }
    if (name === 'looks') {
      const looks = await latestLooks(sql)
      return { what: 'looks', make: (frame) => drawer.draw('looks', { ...frame, looks }) }
    }
    const result = report?.results.find(({ measure }) => measure.id === id)
    if (name !== 'measure' || !report || !result)
      throw new Refusal(404, 'Not here', 'There is no such measure in the last report.')
    const notes = await cycleNotes(sql)
    const months = report.months.get(id) ?? []
    return {
      what: `measures/${id}`,
      make: (frame) => drawer.draw('measure', { ...frame, result, months, notes }),
    }
  }

  return {
    charts: () => ['cards', ...(toldNow()?.results.map(({ measure }) => measure.id) ?? [])],
    find,
  }
}

const dayOf = (at: Date) => at.toISOString().slice(0, 10)
