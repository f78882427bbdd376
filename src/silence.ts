/** What is judged and recorded and not shown: rules, callers and departments in a trial run, each perhaps until a day. */

import { type Element, elements, text } from './facts/wire.ts'
import type { PatientRecord } from './record/record.ts'
import type { Site } from './site/schema.ts'

interface Silence {
  /** Codes of the rules that do not speak on this day, such as `2026-11-21`. */
  rulesOn(day: string): ReadonlySet<string>
  /** Why nothing at all is shown to this caller, or in this department. */
  of(
    where: { issuer: string | undefined; department: string | undefined },
    day: string,
  ): 'silent-caller' | 'silent-department' | undefined
}

export function compileSilence({ rules, silent }: Pick<Site, 'rules' | 'silent'>): Silence {
  const always = new Set(rules.silent)
  const starting = Object.entries(rules['speaks-from'])
  const on = { day: '', rules: always as ReadonlySet<string> }
  const holds = (list: Site['silent']['callers'], name: string | undefined, day: string) =>
    name !== undefined && list.some((each) => each.name === name && !hasBegun(each['speaks-from'], day))
  return {
    rulesOn: (day) => {
      if (starting.length === 0) return always
      if (day !== on.day) {
        const waiting = starting.flatMap(([code, from]) => (hasBegun(from, day) ? [] : [code]))
        on.rules = new Set([...always, ...waiting])
        on.day = day
      }
      return on.rules
    },
    of: ({ issuer, department }, day) => {
      if (holds(silent.callers, issuer, day)) return 'silent-caller'
      return holds(silent.departments, department, day) ? 'silent-department' : undefined
    },
  }
}

const hasBegun = (from: string | undefined, day: string) => from !== undefined && day >= from

/** The department, by the site's own name for it, in which the visit of the call takes place. */
export function departmentIn(
  { encounter }: Pick<PatientRecord, 'encounter'>,
  departments: Site['departments'],
): string | undefined {
  const named = Object.entries(departments)
  if (named.length === 0 || !encounter) return undefined
  const visit = encounter as unknown as Element
  const places = [
    ...elements(visit.location).flatMap((each) => elements(each.location)),
    ...elements(visit.serviceProvider),
  ]
  const said = new Set(
    places.flatMap((place) => [
      relative(text(place.reference)),
      text(place.display),
      text(elements(place.identifier)[0]?.value),
    ]),
  )
  return named.find(([, ways]) => ways.some((way) => said.has(way)))?.[0]
}

/** EHRs write `Location/12` also with the address of the server before it, or a version behind it. */
function relative(reference: string | undefined): string | undefined {
  const [plain = ''] = reference?.split('/_history/', 1) ?? []
  return reference === undefined ? undefined : plain.split('/').slice(-2).join('/')
}
