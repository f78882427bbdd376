/**
 * What an opened chart was told lately, so that it is not told again. Held in memory, bounded, by hash: no patient can
 * be read from it. Another replica, or a restart, may say it once more.
 */
import { createHash } from 'node:crypto'
import { Room } from './store/room.ts'

export interface Said {
  /** Whom it is about; kept only as a hash. */
  patient: string
  /** Rule code. */
  what: string
  /** The call: the same call asked again is answered again. */
  call: string
  /** `2026-11-21` */
  on: string
}

export interface QuietPeriod {
  /** Was this said before, within the period, in another call? Remembers it when it was not. */
  wasSaid(said: Said): boolean
  /** As if nothing had been said, for whoever tries it out. */
  forget(): void
}

const most = 100_000
const dayLength = 86_400_000

export function quietPeriod(days: number): QuietPeriod {
  const said = new Room<{ on: number; call: string }>(most)
  return {
    forget: () => said.clear(),
    wasSaid({ patient, what, call, on }) {
      if (days === 0) return false
      const key = createHash('sha256').update(`${patient}\n${what}`).digest('base64url')
      const today = Date.parse(on) / dayLength
      const before = said.get(key)
      if (before && today - before.on < days) return before.call !== call
      said.set(key, { on: today, call })
      return false
    },
  }
}
