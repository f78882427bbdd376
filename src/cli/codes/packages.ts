/** The map from US drug codes to RxNorm concepts, as few codes as say the same. */
import type { Reference } from './reference.ts'

const productDigits = 9

/** For the concepts that some value set holds. A package that is two things at once is left out. */
export function packageMap(packages: Reference['packages'], wanted: ReadonlySet<string>): string {
  const products = new Map<string, Map<string, Set<string>>>()
  for (const { ndc, rxcui } of packages) {
    const product = products.get(ndc.slice(0, productDigits)) ?? new Map<string, Set<string>>()
    products.set(ndc.slice(0, productDigits), product)
    product.set(ndc, (product.get(ndc) ?? new Set()).add(rxcui))
  }
  const codesOf = new Map<string, string[]>()
  const add = (rxcui: string, code: string) => {
    if (wanted.has(rxcui)) codesOf.set(rxcui, [...(codesOf.get(rxcui) ?? []), code])
  }
  for (const [product, own] of products) {
    const [only, ...others] = new Set([...own.values()].flatMap((concepts) => [...concepts]))
    if (only !== undefined && others.length === 0) add(only, product)
    else
      for (const [ndc, concepts] of own) {
        const [single, ...more] = concepts
        if (single !== undefined && more.length === 0) add(single, ndc)
      }
  }
  const lines = [...codesOf]
    .sort(([a], [b]) => Number(a) - Number(b))
    .map(([rxcui, codes]) => `${rxcui},${codes.sort().join(' ')}`)
  return `${['target,codes', ...lines].join('\n')}\n`
}
