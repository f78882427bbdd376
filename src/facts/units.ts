/** The few units that observations come in here, to the one in which a fact is asked. */

const toKilogram: Record<string, number> = {
  kg: 1,
  g: 0.001,
  lb: 0.45359237,
  lbs: 0.45359237,
  '[lb_av]': 0.45359237,
  oz: 0.45359237 / 16,
  '[oz_av]': 0.45359237 / 16,
}
const celsius = new Set(['cel', '°c', 'c', 'degc', 'deg c', 'degrees celsius'])
const fahrenheit = new Set(['[degf]', '°f', 'f', 'degf', 'deg f', 'degrees fahrenheit'])

const asPeopleWrite: Record<string, string> = {
  '[degf]': '°F',
  cel: '°C',
  '[lb_av]': 'lb',
  'mm/h': 'mm/h',
  'ml/min/{1.73_m2}': 'mL/min',
  'ml/min/1.73m2': 'mL/min',
}

/** A unit as it stands on a card: "°F" for `[degF]`; one in braces of UCUM (`{score}`) is none. */
export const unitAsWritten = (unit: string) =>
  asPeopleWrite[unit.trim().toLowerCase()] ?? unit.replace(/\{[^{}]*\}/g, '').trim()

/** Undefined when the unit is not known: then nobody can tell. */
export function convert(value: number, unit: string, to: string): number | undefined {
  const from = unit.trim().toLowerCase()
  if (to === 'Cel') {
    if (celsius.has(from)) return value
    // Rounded, because 100.4 °F is 38.0 °C and not 38.0000001.
    return fahrenheit.has(from) ? Math.round(((value - 32) / 1.8) * 100) / 100 : undefined
  }
  if (to === 'kg') {
    const factor = toKilogram[from]
    return factor === undefined ? undefined : value * factor
  }
  const [written, wanted] = [plain(from), plain(to.toLowerCase())]
  if (written === wanted) return value
  // C-reactive protein comes in both.
  if (wanted === 'mg/l' && written === 'mg/dl') return value * 10
  if (wanted === 'mg/dl' && written === 'mg/l') return value / 10
  return wanted === 'mm/h' && written === 'mm/hr' ? value : undefined
}

/** One unit in the spellings of laboratories: `mL/min/{1.73_m2}`, `mL/min/1.73m²`, `mL/min/1.73 sq m`. */
const plain = (unit: string) =>
  unit
    .replace(/[\s{}_^*]/g, '')
    .replace('²', '2')
    .replace('sq.m', 'm2')
    .replace('sqm', 'm2')
