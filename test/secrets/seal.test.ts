import fc from 'fast-check'
import { expect, test } from 'vitest'
import { createSeal } from '#src/secrets/seal.ts'

const seal = createSeal('a secret of the installation')

test('what was sealed opens again, for the same place alone', () => {
  fc.assert(
    fc.property(fc.string(), fc.string(), fc.string(), (plain, about, other) => {
      const sealed = seal.seal(plain, about)
      expect(seal.open(sealed, about)).toBe(plain)
      if (other !== about) expect(() => seal.open(sealed, other)).toThrow()
    }),
  )
})

test('a sealed secret does not open with another key, nor when a character was changed', () => {
  const sealed = seal.seal('token', 'here')
  expect(() => createSeal('another').open(sealed, 'here')).toThrow()
  for (let at = 3; at < sealed.length - 1; at += 1) {
    const changed = sealed.slice(0, at) + (sealed[at] === 'A' ? 'B' : 'A') + sealed.slice(at + 1)
    expect(() => seal.open(changed, 'here')).toThrow()
  }
  expect(() => seal.open('', 'here')).toThrow('not a sealed secret')
})

test('the same secret is sealed differently each time', () => {
  expect(seal.seal('token', 'here')).not.toBe(seal.seal('token', 'here'))
})
