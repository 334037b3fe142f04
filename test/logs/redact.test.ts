import fc from 'fast-check'
import { expect, test } from 'vitest'
import { redact } from '#src/logs/redact.ts'

test.each([
  ['connected to postgres://helix:hunter22@db:5432/helix', 'hunter22'],
  ['redis://:p4ssw0rd@cache:6379', 'p4ssw0rd'],
  ['Authorization: Bearer abcdef0123456789', 'abcdef0123456789'],
  ['sent header authorization=Basic aGVsaXg6c2VjcmV0', 'aGVsaXg6c2VjcmV0'],
  ['token eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0NTYifQ.dozjgNryP4J3jVmNHl0w5N_XgL0n3I9P', 'dozjgNryP4J3jVmNHl0w5N'],
  ['{"password":"hunter22","user":"ada"}', 'hunter22'],
  ['JWT_SECRET=correct-horse', 'correct-horse'],
  ["api_key: 'abc123def456'", 'abc123def456'],
  ['pushing with ghp_abcdefghijklmnopqrstuvwxyz012345', 'ghp_abcdefghijklmnopqrstuvwxyz012345'],
  ['key AKIAIOSFODNN7EXAMPLE was used', 'AKIAIOSFODNN7EXAMPLE'],
  ['-----BEGIN RSA PRIVATE KEY-----\nMIIEow\n-----END RSA PRIVATE KEY-----', 'MIIEow'],
  ['POST https://bot.up.railway.app/webhooks/railway/0a1b2c3d4e5f 200', '0a1b2c3d4e5f'],
])('masks the secret in %j', (text, secret) => {
  expect(redact(text)).not.toContain(secret)
  expect(redact(text)).toContain('••••')
})

test.each([
  'GET /health 200 3 ms',
  'listening on http://0.0.0.0:4000',
  'user ada@example.com signed in',
  'Took 3 s: 12 rows',
  'tokenizer ready',
])('leaves %j as it is', (text) => {
  expect(redact(text)).toBe(text)
})

test('masking twice is masking once, whatever the text', () => {
  const word = fc.constantFrom('password=', 'Bearer ', 'https://a:b@c', '"', "'", ' ', '\n', 'secret', ': ', 'x1y2z3a4b5', '••••')
  const text = fc.oneof(
    fc.string(),
    fc.array(word).map((words) => words.join('')),
  )
  fc.assert(
    fc.property(text, (raw) => {
      const once = redact(raw)
      expect(redact(once)).toBe(once)
    }),
  )
})
