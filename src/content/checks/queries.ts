/** Queries ask by what exists, and in an order that their answers can prove. */
import type { Draft } from '../draft.ts'
import type { Problems } from '../problems.ts'
import { checkGroups } from './value-sets.ts'

export function checkQueries({ queries, codes }: Draft, problems: Problems) {
  for (const { value: query, place } of queries.entries) {
    for (const [at, { codes: groups }] of query['never-observed'].entries()) {
      checkGroups(codes, groups, (...path) => place('never-observed', at, 'codes', ...path), problems)
    }
    if (query.search.includes('_sort=-') !== query['dated-by'].length > 0) {
      problems.add(
        place('search'),
        'asks for the newest first, or names their date in dated-by, and not both: give `_sort=-` and `dated-by` together',
      )
    }
    if (query.search.includes('{codes}') !== query['codes-of'].length > 0) {
      problems.add(place('search'), 'give {codes} and the code systems that they are of (codes-of) together')
    }
  }
}
