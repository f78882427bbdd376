/** What the page reads of the Patient resource: the languages, preferred first. */
import type { Patient } from 'fhir/r4.js'

/** BCP 47 tags of `communication`, the preferred one first, then of the resource itself. */
export function languagesOf({ communication = [], language }: Patient): string[] {
  const list = Array.isArray(communication) ? communication : []
  const inOrder = [...list].sort((a, b) => Number(b?.preferred === true) - Number(a?.preferred === true))
  const tags = inOrder.flatMap((each) => each?.language?.coding?.map(({ code }) => code) ?? [])
  return [...tags, language].filter((tag) => typeof tag === 'string')
}
