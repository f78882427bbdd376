/** `pathway/README.md` and `pathway/coverage.md`: the whole pathway as a clinician can read it and answer for it. */
import { idsIn, type Section, withParts } from './blocks.ts'
import type { Book } from './book.ts'
import { bulletList, link, page } from './markdown.ts'
import { sectionsOf } from './sections/all.ts'
import { standingOf } from './sections/reading.ts'
import { markdownOf } from './skins/markdown.ts'
import { tellingOf } from './telling.ts'

const generated =
  '<!-- Made by `npm run docs` from the files of this folder and of ../cards. Change those, not this page. -->'

/** Stands in a file of its own: it is for those who follow rows. */
const apart = 'decision-table'
const files = { whole: 'README.md', apart: 'coverage.md' }

export function pathwayPages(book: Book): [string, string][] {
  const telling = tellingOf(book)
  const sections = sectionsOf(telling)
  const table = sections.filter(({ id }) => id === apart)
  const rest = sections.filter(({ id }) => id !== apart)
  const places = new Set(table.flatMap(withParts).flatMap(idsIn))
  const { pathway } = book.content
  return [
    [
      `pathway/${files.whole}`,
      page(
        generated,
        `# ${pathway.title}`,
        `Version **${pathway.version}**, status **${pathway.status}**.`,
        pathway.scope.trim(),
        standing(standingOf(telling)),
        contents(sections),
        markdownOf(rest, 2, (id) => (places.has(id) ? files.apart : undefined)),
      ),
    ],
    [
      `pathway/${files.apart}`,
      page(
        generated,
        markdownOf(table, 1, (id) => (places.has(id) ? undefined : files.whole)),
      ),
    ],
  ]
}

const standing = ({ isSigned, facts }: ReturnType<typeof standingOf>): string =>
  [
    '> [!WARNING]',
    `> ${isSigned ? 'Reviewed.' : '**Not signed off. Not for decisions about patients.**'}`,
    ...facts.map((fact) => `> ${fact}`),
  ].join('\n')

const contents = (sections: readonly Section[]): string =>
  bulletList(
    sections.map(({ id, title, parts = [] }) => {
      const file = id === apart ? files.apart : ''
      const below = parts.map((part) => link(part.title, `#${part.id}`)).join(', ')
      return `${link(title, `${file}#${id}`)}${below ? `: ${below}` : ''}`
    }),
  )
