/** Resources with one odd value each, at every element that views read: what a broken exporter may write there. */
import type { Used } from '../../population/view/columns.ts'
import { usedBy, type ViewDefinition } from '../../population/view/view.ts'

const values: readonly unknown[] = [
  ...['x', '2024-13-45', '2024-05-06', '2024-05-06T27:30:00Z', '2024-05-06T08:00:00', '2024-05', 'true', '1'],
  ...['[1]', '{}', '[D]Back pain', 5, -1, true, false, null],
  ...[[], {}, [null], [[]], ['a'], [5], [{}], { a: 1 }, [{ a: 1 }]],
]

export function oddResources(type: string, views: readonly ViewDefinition[]): readonly object[] {
  let made = 0
  const within = (of: Used, put: (value: unknown) => object): object[] =>
    [...of.children].flatMap(([name, child]) => {
      if (name === 'id' || name === 'resourceType') return []
      const here = values.map((value) => put({ [name]: value }))
      const deeper = within(child, (value) => put({ [name]: child.repeats ? [value] : value }))
      return [...here, ...deeper]
    })
  return within(usedBy(views, type), (value) => ({
    ...{ resourceType: type, id: `odd-${++made}` },
    ...(value as object),
  }))
}
