import { describe, expect, test } from 'vitest'
import { checkSignature, SignatureRefused, sign } from '#services/zapier-integration/webhook/signature.ts'
import { hex, timestamped } from './sender.ts'

const secret = 'the secret of the webhooks'
const now = new Date('2026-11-21T12:00:00Z')
const body = '{"lead":1}'
const ago = (seconds: number) => new Date(now.getTime() - seconds * 1_000)

const check =
  (headers: Readonly<Record<string, string>>, text = body) =>
  () =>
    checkSignature({
      signature: headers['x-zapier-signature'],
      timestamp: headers['x-zapier-timestamp'],
      body: Buffer.from(text),
      secret,
      now,
    })
const alone = (text = body, by = secret) => ({ 'x-zapier-signature': hex(by, text) })

describe('a signature is taken', () => {
  test('over the body alone, in upper or lower case', () => {
    expect(check(alone())()).toEqual(check({ 'x-zapier-signature': alone()['x-zapier-signature'].toUpperCase() })())
  })
  test.each([0, 299, -59])('over timestamp and body, %i seconds old', (seconds) => {
    expect(check(timestamped(secret, body, ago(seconds)))().replayKey).toMatch(/^[\w-]{43}$/)
  })
  test('as what Helix sends signs it', () => {
    const timestamp = String(now.getTime() / 1_000)
    expect(check({ 'x-zapier-timestamp': timestamp, 'x-zapier-signature': sign(secret, timestamp, body) })).not.toThrow()
  })
})

describe('a signature is refused', () => {
  test.each<[string, Readonly<Record<string, string>>]>([
    ['none', {}],
    ['empty', { 'x-zapier-signature': '' }],
    ['no hex', { 'x-zapier-signature': 'z'.repeat(64) }],
    ['short', { 'x-zapier-signature': 'ab' }],
    ['two at once', { 'x-zapier-signature': `${hex(secret, body)}, ${hex(secret, body)}` }],
    ['of another body', alone('{"lead":2}')],
    ['of another secret', alone(body, 'some other secret')],
    ['late', timestamped(secret, body, ago(301))],
    ['from the future', timestamped(secret, body, ago(-61))],
    [
      'with another timestamp than was signed',
      { ...timestamped(secret, body, ago(400)), 'x-zapier-timestamp': String(now.getTime() / 1_000) },
    ],
    ['with a timestamp that is none', { ...timestamped(secret, body, now), 'x-zapier-timestamp': 'yesterday' }],
    ['v1= without a timestamp', { 'x-zapier-signature': `v1=${hex(secret, body)}` }],
    ['over the body alone, beside a timestamp', { ...alone(), 'x-zapier-timestamp': String(now.getTime() / 1_000) }],
  ])('%s', (_what, headers) => expect(check(headers)).toThrow(SignatureRefused))

  test('of a timestamped webhook, passed off as one over its body alone', () => {
    const headers = timestamped(secret, '5', now)
    const passedOff = { 'x-zapier-signature': headers['x-zapier-signature']!.slice(3) }
    expect(check(passedOff, `${headers['x-zapier-timestamp']}.5`)).toThrow(SignatureRefused)
  })
})

test('the key of a replay differs between bodies, timestamps and forms, and nothing else', () => {
  const keys = [
    check(alone())(),
    check(alone('{"lead": 1}'), '{"lead": 1}')(),
    check(timestamped(secret, body, now))(),
    check(timestamped(secret, body, ago(1)))(),
  ].map(({ replayKey }) => replayKey)
  expect(new Set(keys).size).toBe(4)
})
