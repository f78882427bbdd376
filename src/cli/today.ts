/** The date where the hospital is, as `2026-11-21`: at night in Seattle it is tomorrow in Greenwich. */
export function todayIn(timeZone: string): string {
  const parts = { timeZone, year: 'numeric', month: '2-digit', day: '2-digit' } as const
  return new Intl.DateTimeFormat('en-CA', parts).format(new Date())
}
