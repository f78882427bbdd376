/** Counts with their uncertainty: how many of how many, in per cent, with the 95 % interval of Wilson. */
import type { Classes, Style } from './event.ts'
import { type Judged, type Mistake, mistakes } from './judge.ts'

interface Count {
  made: number
  possible: number
}

const countOf = (judged: readonly Judged[], mistake: Mistake): Count => {
  const possible = judged.filter(({ judgement }) => judgement[mistake] !== undefined)
  return { made: possible.filter(({ judgement }) => judgement[mistake]).length, possible: possible.length }
}

export const share = ({ made, possible }: Count) => (possible === 0 ? 0 : (100 * made) / possible)

const z = 1.96

/** Wilson's score interval, in per cent. */
export function interval({ made, possible }: Count): readonly [number, number] {
  if (possible === 0) return [0, 100]
  const p = made / possible
  const spread = z * Math.sqrt((p * (1 - p)) / possible + z ** 2 / (4 * possible ** 2))
  const middle = p + z ** 2 / (2 * possible)
  const scale = 1 + z ** 2 / possible
  return [100 * Math.max(0, (middle - spread) / scale), 100 * Math.min(1, (middle + spread) / scale)]
}

/** `12/340 (3.5 %, 2.0 to 6.1)` */
export function told(count: Count): string {
  if (count.possible === 0) return '-'
  const [low, high] = interval(count)
  return `${count.made}/${count.possible} (${share(count).toFixed(1)} %, ${low.toFixed(1)} to ${high.toFixed(1)})`
}

export type Figures = Readonly<Record<Style, Readonly<Record<Mistake, Count>>>>

export function figuresOf(judged: readonly Judged[]): Figures {
  const of = (style: Style) => {
    const ours = judged.filter(({ event }) => event.style === style)
    return Object.fromEntries(mistakes.map((mistake) => [mistake, countOf(ours, mistake)])) as Record<
      Mistake,
      Count
    >
  }
  return { coded: of('coded'), rough: of('rough') }
}

/** Where a mistake was possible, by the values of one class; the worst first. */
export function byClass(judged: readonly Judged[], name: keyof Classes, mistake: Mistake): [string, Count][] {
  const groups = new Map<string, Judged[]>()
  for (const each of judged) {
    const value = each.event.classes[name]
    groups.set(value, [...(groups.get(value) ?? []), each])
  }
  return [...groups]
    .map(([value, group]): [string, Count] => [value, countOf(group, mistake)])
    .filter(([, { possible }]) => possible > 0)
    .sort(([, a], [, b]) => share(b) - share(a) || b.possible - a.possible)
}
