/** What the episode of back pain answers. */
import type { Compile } from '../case.ts'

export const episode: Compile<'episode'> = (fact) => ({
  reads: ['Condition', 'Encounter'],
  find: ({ episode: found }) => {
    switch (fact.read) {
      case 'onset-days':
        return found.onsetDays
      case 'onset-basis':
        return found.basis
      case 'reason':
        return found.reason
      default:
        return found.sciatica
    }
  },
})
