/**
 * Are two resources under one id the same? Base, type and id make a resource; of two versions `meta` may say which is
 * newer. Without that, two different contents both count: converters and record locators give one id to several.
 */
import type { FhirResource } from 'fhir/r4.js'
import { isObject } from './wire.ts'

/** The server's address before `Type/id`; undefined where the address does not end in them, as `urn:uuid:` does. */
export function baseOf(fullUrl: string | undefined, { resourceType, id }: FhirResource): string | undefined {
  const end = `/${resourceType}/${id}`
  return fullUrl?.endsWith(end) && fullUrl.length > end.length ? fullUrl.slice(0, -end.length) : undefined
}

/** Deeper than any resource; what is deeper is not compared. */
const deepest = 40

/** The content without `meta`, in which the order of elements makes no difference; undefined for odd shapes. */
export function contentOf(resource: FhirResource): string | undefined {
  const { meta: _, ...content } = resource as unknown as Record<string, unknown>
  const ordered = inOrder(content, 0)
  return ordered === undefined ? undefined : JSON.stringify(ordered)
}

/** The same content, `meta` aside: what most copies are. False says nothing of odd shapes. */
export function hasSameContent(one: FhirResource, other: FhirResource): boolean {
  const { meta: _, ...own } = one as unknown as Record<string, unknown>
  const { meta: __, ...its } = other as unknown as Record<string, unknown>
  return isSame(own, its, 0)
}

function isSame(one: unknown, other: unknown, depth: number): boolean {
  if (one === other) return true
  if (typeof one !== 'object' || typeof other !== 'object' || one === null || other === null) return false
  if (depth === deepest || Array.isArray(one) !== Array.isArray(other)) return false
  const [own, its] = [one as Record<string, unknown>, other as Record<string, unknown>]
  const names = Object.keys(own)
  if (names.length !== Object.keys(its).length) return false
  return names.every((name) => Object.hasOwn(its, name) && isSame(own[name], its[name], depth + 1))
}

function inOrder(value: unknown, depth: number): unknown {
  if (typeof value !== 'object' || value === null) return value
  if (depth === deepest) return undefined
  const names = Object.keys(value).sort()
  const pairs: unknown[] = Array.isArray(value) ? ['list'] : ['element']
  for (const name of names) {
    const inner = (value as Record<string, unknown>)[name]
    const ordered = inOrder(inner, depth + 1)
    if (ordered === undefined && inner !== undefined) return undefined
    pairs.push(name, ordered)
  }
  return pairs
}

/** Above 0 when the first is newer than the other, below 0 when it is older; undefined when nothing says so. */
export function compareVersions(one: FhirResource, other: FhirResource): number | undefined {
  return (
    difference(isWhole(one), isWhole(other)) ??
    difference(timeOf(one), timeOf(other)) ??
    difference(countOf(one), countOf(other))
  )
}

function difference(one: number, other: number): number | undefined {
  const apart = one - other
  return apart === 0 || Number.isNaN(apart) ? undefined : apart
}

const metaOf = (resource: FhirResource): Readonly<Record<string, unknown>> =>
  isObject(resource.meta) ? resource.meta : {}

/** A server that was asked for a summary marks what it gives so: beside the resource itself it says nothing more. */
function isWhole(resource: FhirResource): number {
  const { tag } = metaOf(resource)
  return Array.isArray(tag) && tag.some((each) => isObject(each) && each.code === 'SUBSETTED') ? 0 : 1
}

const timeOf = (resource: FhirResource): number => Date.parse(String(metaOf(resource).lastUpdated))

/** Versions are opaque to readers, and nearly everywhere numbers that count up. */
function countOf(resource: FhirResource): number {
  const { versionId } = metaOf(resource)
  return typeof versionId === 'string' && /^\d{1,15}$/.test(versionId) ? Number(versionId) : Number.NaN
}
