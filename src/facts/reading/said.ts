/** What a text says: the groups that it names, and of what time. */
import type { CodeRow } from '../../pathway/codes.ts'
import type { ToldTime } from './told-time.ts'

/** Groups that a text names, by what it says of them. */
export interface Said {
  affirmed: readonly CodeRow[]
  suspected: readonly CodeRow[]
  past: readonly CodeRow[]
  /** Named only to say that they are not there, or are somebody else's. */
  denied: readonly CodeRow[]
  /** When it says that they were, by group. */
  times: ReadonlyMap<string, ToldTime>
  /** The text says nothing at all: it is empty, or in no words that can be read. */
  isEmpty: boolean
  /** It was not read, or not whole, because there is more than is read of one text or one record. */
  isBeyond?: true
}

const none: readonly CodeRow[] = []
export const nothingOfOurs: Said = {
  affirmed: none,
  suspected: none,
  past: none,
  denied: none,
  times: new Map(),
  isEmpty: false,
}
export const nothingSaid: Said = { ...nothingOfOurs, isEmpty: true }
/** What a text says that was not read: nobody knows. */
export const notRead: Said = { ...nothingSaid, isBeyond: true }
