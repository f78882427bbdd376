/** The life of a rule. */
import type { Rule } from './schema.ts'

/** Retired rules stay in their file for the record and are still checked, but never run. */
export const isRetired = ({ status }: Pick<Rule, 'status'>) =>
  typeof status === 'object' && 'retired' in status
