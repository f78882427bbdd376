/**
 * What somebody was told to do ends with its own item: "told to go to the emergency room, cannot urinate". What was told
 * to be watched for is a list: "told to return for fever, weakness". Where nobody can tell, somebody reads what follows.
 */
import { type Cue, type CueAt, phraseSet, wordSet } from './cue-phrases.ts'
import type { Cues } from './cues.ts'
import type { Items } from './items.ts'
import type { Occurrence } from './phrases.ts'

export interface Instructions {
  /** Commas, and words such as "because", at which an instruction ends. */
  ends: ReadonlySet<number>
  /** First places of items behind a condition that may be of today: "if worse call, foot drop today". */
  unsure: ReadonlySet<number>
}

const none: Instructions = { ends: new Set(), unsure: new Set() }

/** One walk over the clause; the condition before an item is the last one that was opened. */
export function instructionsIn(
  clause: readonly string[],
  cueAt: CueAt,
  { own, ofThisDay }: Items,
  cues: Cues,
): Instructions {
  if (![...cueAt.values()].some(isCondition)) return none
  const opensList = wordSet(cues['opens-lists'])
  const givesReason = wordSet(cues['gives-reason'])
  const ends = new Set<number>()
  const unsure = new Set<number>()
  let opened: Occurrence<Cue> | undefined
  let isInstruction = false
  let isOpen = false
  for (let at = 0; at < clause.length; at += 1) {
    const cue = cueAt.get(at)
    if (cue && isCondition(cue)) {
      const isOfAnother: boolean = opened?.end === at && !isInstruction
      isInstruction = !isOfAnother && isInstructed(clause, cue, cues)
      isOpen = !isInstruction
      opened = cue
      at = cue.end - 1
      continue
    }
    if (!opened) continue
    const word = clause[at] ?? ''
    if (word === ':' || opensList.has(word)) isOpen = true
    const isReason = givesReason.has(word)
    if (word !== ',' && !isReason) continue
    if (!isOpen || isReason) {
      ends.add(at)
      opened = undefined
      continue
    }
    const first = at + 1
    const isAlone = opened.end === at && clause.indexOf(',', first) < 0
    if (isAlone || ofThisDay.has(first) || (isInstruction && own.has(first))) unsure.add(first)
  }
  return { ends, unsure }
}

const isCondition = ({ payload }: Occurrence<Cue>) => payload[0] === 'condition'

const isInstructed = (clause: readonly string[], { start, end }: Occurrence<Cue>, cues: Cues) =>
  phraseSet(cues.instructions).has(clause.slice(start, end).join(' '))
