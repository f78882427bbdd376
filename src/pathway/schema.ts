/**
 * The content language: the shape of everything a clinician writes. Closed on purpose — three-valued
 * questions, nested `all` and `any`, comparisons with named numbers — so that a table can be read and checked by machine.
 */
export * from '../grammar.ts'
export * from './schema/cards.ts'
export * from './schema/checklist.ts'
export * from './schema/facts.ts'
export * from './schema/handouts.ts'
export * from './schema/meanings.ts'
export * from './schema/pathway.ts'
export * from './schema/rules.ts'
export * from './schema/value-sets.ts'
