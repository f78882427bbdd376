/** Units of observations: Fahrenheit and Celsius, pounds and kilograms, and what is neither. */
import { describe, expect, test } from 'vitest'
import { convert } from '../../src/facts/units.ts'

describe('a temperature', () => {
  test.each([
    [100.4, '[degF]', 38],
    [100.3, '°F', 37.94],
    [98.6, 'deg F', 37],
    [100.4, 'degrees Fahrenheit', 38],
    [38, 'Cel', 38],
    [38.5, '°C', 38.5],
    [37.9, 'degC', 37.9],
    [38, ' CEL ', 38],
  ])('of %d %s is %d °C', (value, unit, celsius) => {
    expect(convert(value, unit, 'Cel')).toBe(celsius)
  })

  test.each(['', 'K', 'mg', 'degrees'])('in "%s" is unknown, and not a fever', (unit) => {
    expect(convert(100.4, unit, 'Cel')).toBeUndefined()
  })
})

describe('a weight', () => {
  test.each([
    [220, '[lb_av]', 99.79],
    [220, 'lb', 99.79],
    [220, 'lbs', 99.79],
    [100, 'kg', 100],
    [3500, 'g', 3.5],
    [80, 'KG', 80],
  ])('of %d %s is %d kg', (value, unit, kilograms) => {
    expect(convert(value, unit, 'kg')).toBeCloseTo(kilograms, 2)
  })

  test.each(['oz', '[oz_av]'])('is read in %s, as beds weigh', (unit) => {
    expect(convert(2822, unit, 'kg')).toBeCloseTo(80, 1)
  })

  test.each(['', 'st', 'mg', 'Cel'])('in "%s" is unknown', (unit) => {
    expect(convert(80, unit, 'kg')).toBeUndefined()
  })
})

test('another unit is read only where it is the one asked for', () => {
  expect(convert(12, '{Score}', '{score}')).toBe(12)
  expect(convert(12, 'points', '{score}')).toBeUndefined()
})

describe('an eGFR', () => {
  test.each(['mL/min/{1.73_m2}', 'mL/min/1.73m2', 'ml/min/1.73 m²', 'mL/min/1.73 sq m', 'mL/min/1.73m^2'])(
    'in "%s" is read',
    (unit) => {
      expect(convert(58, unit, 'mL/min/{1.73_m2}')).toBe(58)
    },
  )

  test.each(['', 'mL/min', 'mL/s/{1.73_m2}', 'mg/dL'])('in "%s" is unknown', (unit) => {
    expect(convert(58, unit, 'mL/min/{1.73_m2}')).toBeUndefined()
  })
})
