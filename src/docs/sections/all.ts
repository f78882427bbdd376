/** The book: every section of the pathway in words, in reading order. */
import type { Section } from '../blocks.ts'
import type { Telling } from '../telling.ts'
import { flowsSection } from './flows.ts'
import { decisionTableSection, historySection, notEncodedSection, openSection } from './open.ts'
import { questionsSection } from './questions.ts'
import { readingSection } from './reading.ts'
import { numbersSection, offersSection, sourcesSection, valueSetsSection } from './reference.ts'
import { rulesSection } from './rules.ts'
import { topicsSection } from './topics.ts'

export const sectionsOf = (telling: Telling): Section[] => [
  readingSection(telling),
  flowsSection(telling),
  topicsSection(telling),
  rulesSection(telling),
  offersSection(telling),
  numbersSection(telling),
  questionsSection(telling),
  valueSetsSection(telling),
  openSection(telling),
  notEncodedSection(telling),
  decisionTableSection(telling),
  historySection(telling),
  sourcesSection(telling),
]
