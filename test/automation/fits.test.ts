import { describe, expect, test } from 'vitest'
import { fits } from '#src/automation/fits.ts'
import { ruleDigest } from '#src/automation/rule-digest.ts'

describe('arguments of a call', () => {
  test.each([
    [{ service: 'web' }, { service: 'web' }],
    [{ replicas: 3 }, { replicas: 3 }],
    [{ service: '{{payload.service}}' }, { service: 'anything' }],
    [{ replicas: '{{payload.count}}' }, { replicas: 3 }],
    [{ reason: 'by {{payload.who}}, at {{timestamp}}!' }, { reason: 'by Ada\nand Bob, at noon!' }],
    [{ reason: '{{payload.a}}{{payload.b}}' }, { reason: '' }],
  ])('%j covers %j', (confirmed, called) => expect(fits(confirmed, called)).toBe(true))

  test.each([
    [{ service: 'web' }, { service: 'web2' }],
    [{ service: 'web' }, {}],
    [{}, { service: 'web' }],
    [{ replicas: 3 }, { replicas: '3' }],
    [{ service: 'web.' }, { service: 'webx' }],
    [{ reason: 'by {{payload.who}}, at noon' }, { reason: 'by Ada, at noon or later' }],
    [{ reason: 'aba{{x}}aba' }, { reason: 'ababa' }],
    [{ reason: 'a{{x}}b{{y}}b' }, { reason: 'ab' }],
    [{ service: '{{payload.service}}' }, { service: null }],
  ])('%j does not cover %j', (confirmed, called) => expect(fits(confirmed, called)).toBe(false))

  test('many holes in a long text are no burden', () => {
    const template = 'a{{x}}'.repeat(300)
    expect(fits({ text: `${template}b` }, { text: 'a'.repeat(2_000) })).toBe(false)
  })
})

describe('the digest of a rule', () => {
  const version = { pattern: 'payment.*', command: 'restart', arguments: { service: 'web', note: ['a', 1] }, environment: 'production' }
  test('is the same in whatever order the arguments are written', () => {
    expect(ruleDigest({ ...version, arguments: { note: ['a', 1], service: 'web' } })).toBe(ruleDigest(version))
  })
  test.each([
    { pattern: 'payment' },
    { command: 'redeploy' },
    { arguments: { service: 'web', note: [1, 'a'] } },
    { arguments: { service: 'web' } },
    { environment: undefined },
    { environment: 'staging' },
  ])('is another with %j', (change) => expect(ruleDigest({ ...version, ...change })).not.toBe(ruleDigest(version)))
})
