import { expect, test } from 'vitest'
import { amount, figure, suitedUnit } from '#src/kernel/units.ts'

test.each([
  [0, '0'],
  [0.0004, '< 0.001'],
  [0.00599, '0.006'],
  [0.1214, '0.121'],
  [12.34, '12.3'],
  [439.4, '439'],
  [1234, '1,230'],
])('%d is written %s', (value, written) => expect(figure(value)).toBe(written))

test.each([
  ['GB', 0.0004, 'kB'],
  ['GB', 0.439, 'MB'],
  ['GB', 2, 'GB'],
  ['GB', 0, 'GB'],
  ['GB', 1e-12, 'B'],
  ['vCPU', 0.01, 'vCPU'],
])('%s with %d at most are shown in %s', (unit, largest, name) => expect(suitedUnit(unit, largest).name).toBe(name))

test('an amount is said in the unit that suits it', () => {
  expect([amount(0.439, 'GB'), amount(8, 'GB'), amount(0.00599, 'vCPU')]).toEqual(['439 MB', '8 GB', '0.006 vCPU'])
})
