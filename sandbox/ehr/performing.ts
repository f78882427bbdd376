/** Reads the forms of the mock EHR and makes the move that each asks for. */
import type { CallSettings } from './call.ts'
import type { Catalog } from './catalog.ts'
import { type Desk, emptyDesk } from './desk.ts'
import type { Details } from './drafts.ts'
import {
  accept,
  callAgain,
  changeDraft,
  draftOrder,
  override,
  type Room,
  removeDraft,
  review,
  sign,
} from './moves.ts'
import { chartAddress } from './pages/view.ts'
import { type KeyMode, keyModes } from './prefetch.ts'
import type { Lists } from './sessions.ts'
import { deskOf, keepDesk, type Session, standardSettings } from './sessions.ts'
import { clientProfiles } from './tokens.ts'

export interface Asked {
  move: string
  /** Id. */
  patient: string
  fields: Lists
}

interface Means {
  room: Omit<Room, 'settings'>
  catalog: Catalog
}

type Move = (desk: Desk, fields: Lists, room: Room, catalog: Catalog) => Promise<Desk> | Desk

const first = (fields: Lists, name: string) => {
  const value = fields[name]?.[0]?.trim()
  return value === '' ? undefined : value
}

const moves: Readonly<Record<string, Move>> = {
  order: (desk, fields, room, catalog) => {
    const entry = catalog.find(first(fields, 'order') ?? '')
    return entry ? draftOrder(desk, [entry], room) : desk
  },
  change: (desk, fields, room) => changeDraft(desk, first(fields, 'draft') ?? '', detailsIn(fields), room),
  remove: (desk, fields) => removeDraft(desk, first(fields, 'draft') ?? ''),
  accept: (desk, fields, room) =>
    accept(desk, first(fields, 'card') ?? '', (fields.suggestion ?? []).map(Number), room),
  override: (desk, fields, room) =>
    override(
      desk,
      first(fields, 'card') ?? '',
      { code: first(fields, 'reason'), comment: first(fields, 'comment')?.slice(0, 500) },
      room,
    ),
  review: (desk, _fields, room) => review(desk, room),
  sign: (desk, _fields, room) => sign(desk, room),
  back: (desk) => ({ ...desk, isReviewing: false, said: undefined }),
  clear: ({ patientId }) => emptyDesk(patientId),
}

/** Undefined for an unknown move. */
export async function perform(session: Session, asked: Asked, means: Means): Promise<string | undefined> {
  const { move, patient, fields } = asked
  const desk = deskOf(session, patient)
  if (move === 'settings') {
    session.settings = settingsIn(fields)
    const room = { ...means.room, settings: session.settings }
    keepDesk(session, await callAgain(desk, room))
    return chartAddress(patient)
  }
  const make = Object.hasOwn(moves, move) ? moves[move] : undefined
  if (!make) return undefined
  keepDesk(session, await make(desk, fields, { ...means.room, settings: session.settings }, means.catalog))
  return chartAddress(patient)
}

const longestReason = 300

function detailsIn(fields: Lists): Details {
  return {
    reason: first(fields, 'reason'),
    reasonText: first(fields, 'reasonText')?.slice(0, longestReason),
    priority: first(fields, 'priority'),
    dose: amount(fields, 'dose'),
    timing: first(fields, 'timing'),
    asNeeded: first(fields, 'asNeeded') === 'yes',
    supply: amount(fields, 'supply'),
    quantity: amount(fields, 'quantity'),
    refills: amount(fields, 'refills'),
  }
}

/** Undefined for what is no amount. */
function amount(fields: Lists, name: string): number | undefined {
  const value = Number(first(fields, name) ?? Number.NaN)
  return Number.isFinite(value) && value >= 0 ? value : undefined
}

function settingsIn(fields: Lists): CallSettings {
  if (first(fields, 'reset') !== undefined) return standardSettings
  const modes = Object.entries(fields).flatMap(([name, values]): [string, KeyMode][] => {
    const mode = keyModes.find((each) => each === values?.[0])
    return name.startsWith('key-') && mode && mode !== 'send' ? [[name.slice(4), mode]] : []
  })
  return {
    profile: clientProfiles.find((each) => each === first(fields, 'profile')) ?? 'standard',
    sharesFhir: first(fields, 'sharesFhir') === 'yes',
    modes: Object.fromEntries(modes),
  }
}
