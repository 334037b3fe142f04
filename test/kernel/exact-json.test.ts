import fc from 'fast-check'
import { expect, test } from 'vitest'
import { digitsOf, parseExact } from '#src/kernel/exact-json.ts'

test.each(['1e999', '-1e999', '12345678901234567890', '9007199254740993', '0.12345678901234567891', '1e-999', '1234567890.12345678'])(
  '%s is written again as it came',
  (number) => {
    const text = `{"a":[${number}],"b":"${number}"}`
    const value = parseExact(text) as { a: unknown[]; b: unknown }
    expect(JSON.stringify(value)).toBe(text)
    expect([digitsOf(value.a[0]), digitsOf(value.b)]).toEqual([number, undefined])
  },
)

test.each(['1', '1.0', '1e3', '0', '-7.25', '9007199254740991', '0.1', '1e20'])('%s stays a number', (number) => {
  expect(parseExact(`[${number}]`)).toEqual([Number(number)])
})

test('what it does not keep as text is what JSON.parse reads', () => {
  fc.assert(fc.property(fc.json(), (text) => void expect(JSON.parse(JSON.stringify(parseExact(text)))).toEqual(JSON.parse(text))))
})

test('every number comes out with the value that it came in with, digit by digit', () => {
  const number = fc
    .tuple(fc.bigInt({ min: 0n, max: 10n ** 18n }), fc.bigInt({ min: 0n, max: 10n ** 30n }), fc.integer({ min: -400, max: 400 }))
    .map(([whole, fraction, exponent]) => `${whole}.${fraction}e${exponent}`)
  fc.assert(fc.property(number, (text) => void expect(decimal(JSON.stringify(parseExact(text)))).toEqual(decimal(text))))
})

/** A decimal number as digits without zeros around them, and the place of the point. */
function decimal(text: string): readonly [digits: string, exponent: number] {
  const [, sign, whole, fraction = '', exponent = '0'] = /^(-?)(\d+)(?:\.(\d+))?(?:e([+-]?\d+))?$/i.exec(text)!
  const digits = `${whole}${fraction}`.replace(/^0+/, '')
  const kept = digits.replace(/0+$/, '')
  if (kept === '') return ['0', 0]
  return [`${sign}${kept}`, Number(exponent) - fraction.length + digits.length - kept.length]
}
