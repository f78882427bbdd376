/** FHIR elements as they really come: an object where a list belongs, a number in quotes, nothing at all. */

export type Element = Record<string, unknown>

export function element(value: unknown): Element | undefined {
  return isElement(value) ? value : undefined
}

const isElement = (value: unknown): value is Element =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

const none: readonly never[] = []

/** The elements of a list, or the one that stands where a list belongs. A sound list is not copied. */
export function elements(value: unknown): readonly Element[] {
  if (Array.isArray(value)) return value.every(isElement) ? value : value.filter(isElement)
  return isElement(value) ? [value] : none
}

export function text(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined
}

export function number(value: unknown): number | undefined {
  const read = typeof value === 'string' && value.trim() !== '' ? Number(value) : value
  return typeof read === 'number' && Number.isFinite(read) ? read : undefined
}

export interface Concept {
  codings: readonly { system?: string | undefined; code?: string | undefined; display?: string | undefined }[]
  text: string | undefined
}

/** Concepts in any dress: CodeableConcept, R5's CodeableReference, a bare Coding, a string where one belongs. */
export function concepts(value: unknown): readonly Concept[] {
  if (typeof value === 'string') return value === '' ? none : [{ codings: none, text: value }]
  if (Array.isArray(value) && value.some((each) => typeof each === 'string')) return value.flatMap(concepts)
  return elements(value).map(conceptOf)
}

/** Those of several elements. */
export function conceptsIn(source: Element, names: readonly string[]): readonly Concept[] {
  const [first = '', ...others] = names
  const said = concepts(source[first])
  if (others.length === 0) return said
  const more = others.flatMap((name) => concepts(source[name]))
  return more.length === 0 ? said : [...said, ...more]
}

function conceptOf(value: Element): Concept {
  const inner = element(value.concept)
  if (inner) return conceptOf(inner)
  const isBare = value.coding === undefined && value.code !== undefined
  return {
    codings: (isBare ? [value] : elements(value.coding)).map((coding) => ({
      system: text(coding.system),
      code: codeText(coding.code),
      display: text(coding.display),
    })),
    text: text(value.text),
  }
}

/** A code that was sent as a number is still that code. */
function codeText(value: unknown): string | undefined {
  return typeof value === 'number' && Number.isSafeInteger(value) ? String(value) : text(value)
}

/** Every word that a concept carries, for matching by name or by words. */
export function wordsOfConcept(concept: Concept): string {
  if (concept.codings.length < manyCodings) return joinedWords(concept)
  const known = wordsOfMany.get(concept)
  if (known !== undefined) return known
  const words = joinedWords(concept)
  wordsOfMany.set(concept, words)
  return words
}

/** Who asks for them at each coding must not pay for all of them each time. */
const wordsOfMany = new WeakMap<Concept, string>()
const manyCodings = 8

function joinedWords({ codings, text }: Concept): string {
  const displays = codings.map(({ display }) => display)
  return [text, ...displays].filter((each) => each !== undefined).join(' | ')
}

/** The first code of a CodeableConcept or Coding, or the string itself: `clinicalStatus`, `Encounter.class`. */
export function plainCode(value: unknown): string | undefined {
  if (Array.isArray(value)) return plainCode(value[0])
  const found = element(value)
  if (!found) return text(value)
  return text(found.code) ?? text(elements(found.coding)[0]?.code) ?? text(found.text)
}

/** Type and id of a literal reference, however it is spelled; undefined when it has none. */
export function referenceId(reference: unknown): { type: string | undefined; id: string } | undefined {
  const literal = text(element(reference)?.reference) ?? text(reference)
  if (!literal) return undefined
  const parts = literal.replace(/\/_history\/[^/]*$/, '').split('/')
  const id = parts.pop()
  return id ? { type: parts.pop(), id: id.replace(/^urn:uuid:/, '') } : undefined
}
