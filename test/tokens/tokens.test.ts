import { createHmac } from 'node:crypto'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { roles } from '#src/kernel/command.ts'
import { highestRole } from '#src/tokens/claimed-role.ts'
import { createTokens, type TokensDeps } from '#src/tokens/create-tokens.ts'

const jwtSecret = 'the users’ secret, of more than 32 characters'
const meshSecret = 'the services’ secret, of more than 32 characters'
const start = Date.parse('2026-11-23T10:00:00Z') / 1_000

function tokensAt(seconds = 0, given: Partial<TokensDeps> = {}) {
  const clock = { now: () => new Date((start + seconds) * 1_000), sleep: async () => {} }
  return createTokens({ jwtSecret, meshSecret, service: 'voice-processor', defaultRole: 'operator', clock, ...given })
}

/** By hand, as a client without our library makes it. */
function signed(claims: object, { secret = jwtSecret, header = {} as object } = {}): string {
  const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url')
  const text = `${part({ alg: 'HS256', typ: 'JWT', ...header })}.${part(claims)}`
  return `${text}.${createHmac('sha256', secret).update(text).digest('base64url')}`
}

const verify = (token: string, seconds?: number) => tokensAt(seconds).verify(token)

test("a client's token with nothing but `sub` is its owner's, with the default role, for ever", async () => {
  expect(await verify(signed({ sub: 'client-7' }))).toEqual({
    subject: 'client-7',
    kind: 'user',
    role: 'operator',
    expiresAt: undefined,
  })
  expect(await verify(signed({ sub: 'client-7' }, { header: { kid: '../../dev/null' } }))).toMatchObject({ subject: 'client-7' })
})

test.each([
  [{ role: 'admin' }, 'admin'],
  [{ roles: ['viewer', 'deployer', 'sage'] }, 'deployer'],
  [{ roles: 'viewer operator' }, 'operator'],
  [{ role: 'viewer', roles: ['operator'] }, 'operator'],
  [{ role: 'sage' }, 'viewer'],
  [{ role: 'sage', roles: [] }, 'viewer'],
])('of the roles in %j the highest known one counts: %s', async (claims, role) => {
  expect(await verify(signed({ sub: 'x', ...claims }))).toMatchObject({ role })
})

test.each([
  { roles: [] },
  { roles: '' },
  { roles: ['', 7] },
  { roles: null },
  { role: '' },
  { role: 7 },
  { role: null },
  { role: { name: 'admin' } },
  { role: [], roles: {} },
])('a token that speaks of roles and names none that is known is a viewer’s: %j', async (claims) => {
  expect(await verify(signed({ sub: 'x', ...claims }))).toMatchObject({ role: 'viewer' })
})

test('a token that is bound to an agent is good at the agent-orchestrator, and nowhere else', async () => {
  const bound = signed({ sub: 'x', agent_id: 'kael' })
  expect(await tokensAt(0, { service: 'agent-orchestrator' }).verify(bound)).toMatchObject({ subject: 'x', agent: 'kael' })
  await expect(verify(bound)).rejects.toThrow('The token is an agent’s, and good at the agent-orchestrator alone.')
  for (const agent_id of ['', 7, null, ['kael'], 'a\0b', '\ud800']) {
    const token = signed({ sub: 'x', agent_id })
    await expect(tokensAt(0, { service: 'agent-orchestrator' }).verify(token)).rejects.toThrow('which agent’s it is')
  }
})

const unsigned = `${Buffer.from('{"alg":"none"}').toString('base64url')}.${Buffer.from('{"sub":"x","role":"admin"}').toString('base64url')}.`

test.each([
  ['expired', signed({ sub: 'x', exp: start - 1 }), 'has expired'],
  ['not yet valid', signed({ sub: 'x', nbf: start + 60 }), 'not valid yet'],
  ['foreign', signed({ sub: 'x' }, { secret: 'somebody else’s secret, of 32 characters' }), 'somebody else'],
  ['unsigned (alg: none)', unsigned, 'not signed with HS256'],
  ['of another algorithm', signed({ sub: 'x' }, { header: { alg: 'HS512' } }), 'not signed with HS256'],
  ['of a public key algorithm', signed({ sub: 'x' }, { header: { alg: 'RS256' } }), 'not signed with HS256'],
  ['with a critical header that nobody knows', signed({ sub: 'x' }, { header: { crit: ['x'], x: 1 } }), 'can be read'],
  ['nobody’s', signed({ role: 'admin' }), 'whose it is'],
  ['of a subject that is no text', signed({ sub: { $ne: 1 } }), ''],
  ['of an endless subject', signed({ sub: 'x'.repeat(257) }), 'whose it is'],
  ['of a subject with NUL', signed({ sub: 'a\0b' }), 'whose it is'],
  ['of a subject of two lines', signed({ sub: 'a\nb' }), 'whose it is'],
  ['of a subject that is half a character', signed({ sub: 'a\ud800' }), 'whose it is'],
  ['meant for another service', signed({ sub: 'x', aud: 'zapier-integration' }), 'another service'],
  [
    "a user's that says it were a service's",
    signed({ sub: 'bot', iss: 'helix-mesh', aud: 'voice-processor', exp: start + 60 }),
    'somebody',
  ],
  ['no token', 'hunter2', 'can be read'],
  ['empty', '', 'can be read'],
  ['cut short', signed({ sub: 'x' }).slice(0, -4), 'somebody else'],
])('a token that is %s is refused, and nothing of it is quoted', async (_what, token, sentence) => {
  const refusal: Error = await verify(token).then(
    () => expect.fail('it was taken'),
    (error) => error,
  )
  expect(refusal).toMatchObject({ name: 'InvalidToken', message: expect.stringContaining(sentence) })
  expect(refusal.message).not.toMatch(/hunter2|sage|eyJ/)
})

test('an end beyond the years that can be written is the last one of them', async () => {
  for (const exp of [253_402_300_800, 8.64e12, 1e300]) {
    expect((await verify(signed({ sub: 'x', exp }))).expiresAt?.toISOString()).toBe('9999-12-31T23:59:59.000Z')
  }
})

test('a token for this service, or for all of Helix, is taken', async () => {
  for (const aud of ['voice-processor', 'helix', ['zapier-integration', 'helix']]) {
    expect(await verify(signed({ sub: 'x', aud }))).toMatchObject({ subject: 'x' })
  }
})

test("a service's token is good at its one audience, for a minute and the difference of two clocks", async () => {
  const bot = tokensAt(0, { service: 'bot', serviceRole: 'admin', jwtSecret: undefined })
  const token = await bot.forService('voice-processor')
  expect(await verify(token)).toMatchObject({ subject: 'bot', kind: 'service', role: 'admin' })
  expect(await verify(token, 85)).toMatchObject({ subject: 'bot' })
  expect(await verify(token, -25)).toMatchObject({ subject: 'bot' })
  await expect(verify(token, 91)).rejects.toThrow('has expired')
  await expect(verify(token, -31)).rejects.toThrow('not valid yet')
  await expect(tokensAt(0, { service: 'zapier-integration' }).verify(token)).rejects.toThrow('another service')
  await expect(tokensAt(0, { meshSecret: 'another secret of the services, 32 long' }).verify(token)).rejects.toThrow('somebody else')
})

test("a service's token of its own making cannot live longer than a minute", async () => {
  const claims = { iss: 'helix-mesh', sub: 'bot', aud: 'voice-processor', iat: start - 3_600, exp: start + 3_600 }
  await expect(verify(signed(claims, { secret: meshSecret }))).rejects.toThrow('has expired')
  const { exp: _, ...endless } = claims
  await expect(verify(signed({ ...endless, iat: start }, { secret: meshSecret }))).rejects.toThrow('lacks')
})

test('without its secret a kind of token is neither taken nor made', async () => {
  const none = tokensAt(0, { jwtSecret: undefined, meshSecret: undefined })
  await expect(none.verify(signed({ sub: 'x' }))).rejects.toThrow('Tokens of users are not taken here.')
  await expect(none.verify(await tokensAt().forService('voice-processor'))).rejects.toThrow('Tokens of services are not taken here.')
  await expect(none.forService('bot')).rejects.toThrow('SERVICE_MESH_SECRET is missing')
})

test('anything is read or refused, never a bug', async () => {
  const tokens = tokensAt()
  const names = fc.oneof(fc.constantFrom('sub', 'iss', 'aud', 'exp', 'nbf', 'iat', 'role', 'roles'), fc.string())
  const claims = fc.dictionary(names, fc.oneof(fc.jsonValue(), fc.constant('helix-mesh')))
  await fc.assert(
    fc.asyncProperty(
      fc.oneof(
        fc.string(),
        fc.json(),
        claims.map((each) => signed(each)),
      ),
      async (token) => {
        const { subject, name } = await tokens.verify(token).catch((error) => error)
        expect(subject !== undefined || name === 'InvalidToken').toBe(true)
      },
    ),
  )
})

test('a claim never gives more than it names', () => {
  fc.assert(
    fc.property(fc.jsonValue(), fc.jsonValue(), (role, list) => {
      const got = highestRole({ role, roles: list }, 'operator')
      if (got !== 'viewer') expect(JSON.stringify([role, list])).toContain(got)
      expect(roles).toContain(got)
    }),
  )
})
