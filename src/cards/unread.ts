/** Entries that could not be read, as a card names them: by kind, in the chart's own words where there are some. */

import type { Content } from '../pathway/content.ts'
import type { Evidence } from '../pathway/known.ts'
import { markdownText } from './escape.ts'
import { compileTemplates } from './sentences.ts'
import { firstWords, listWithin } from './words.ts'

/** Words for all of them, and for the name of each; the page that says why has them whole. */
const mostWords = 12
const mostWordsOfName = 3
const mostNames = 2

export function compileUnread(content: Content): (unread: readonly Evidence[]) => string {
  const { phrases, records, 'unread-forms': forms } = content.phrases
  const say = compileTemplates(phrases)
  const more = (list: string, left: number) => say['and-more']({ list, left })

  const typeOf = ({ reference }: Evidence) => reference.split('/')[0] ?? reference

  return (unread) => {
    const kinds = Map.groupBy(unread, typeOf)
    return listWithin([...kinds].map(ofKind), mostWords, more)
  }

  function ofKind([type, entries]: [string, readonly Evidence[]]): string {
    const kind = records[type]
    const names = [...new Set(entries.flatMap((each) => nameOf(each, type)))]
    if (kind === undefined) return names.length > 0 ? names.slice(0, mostNames).join(', ') : type
    const count = entries.length
    if (names.length === 0) return say['unread-in']({ count, records: kind })
    const named = names.slice(0, mostNames).join(', ')
    const left = names.length - mostNames
    return say['unread-named']({ count, records: kind, list: left > 0 ? more(named, left) : named })
  }

  /** None where nothing but its type is known. */
  function nameOf({ what, form, date }: Evidence, type: string): string[] {
    if (what === type) return []
    const name = `"${firstWords(markdownText(what), mostWordsOfName)}"`
    if (form === undefined) return [name]
    const came = say['unread-as']({ what: name, form: forms[form] })
    return [
      date === undefined ? came : say['unread-of-day']({ what: came, date: markdownText(date.slice(0, 10)) }),
    ]
  }
}
