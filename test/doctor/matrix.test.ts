import { expect, test } from 'vitest'
import type { VariableName } from '#src/adapters/railway/railway.ts'
import { isBotName, serviceNeeds } from '#src/config/service-needs.ts'
import { matrixOf } from '#src/doctor/matrix.ts'
import { createReadMatrix, matrixFindings } from '#src/doctor/matrix-area.ts'
import { UpstreamError } from '#src/kernel/errors.ts'
import { place, railwayOf, stateOf } from '#test/environments/railway-of.ts'
import { serviceWith } from '#test/health/states.ts'

const named = (name: string) => ({ id: `id-${name}`, name })
const own = (service: string, name: string, refersTo?: VariableName['refersTo'][number]): VariableName => ({
  name,
  serviceId: service === '' ? undefined : `id-${service}`,
  sealed: false,
  refersTo: refersTo ? [refersTo] : [],
})
const stores = [own('Postgres', 'DATABASE_URL'), own('Redis', 'REDIS_URL')]
const connected = (service: string) => [
  own(service, 'DATABASE_URL', { owner: 'Postgres', name: 'DATABASE_URL' }),
  own(service, 'REDIS_URL', { owner: 'Redis', name: 'REDIS_URL' }),
]

function examined(services: readonly string[], variables: readonly VariableName[], botId = 'id-helix-discord-bot') {
  const all = [...services, 'Postgres', 'Redis'].map(named)
  const matrix = matrixOf({ services: all, variables: [...stores, ...variables], needs: serviceNeeds, isBot: ({ id }) => id === botId })
  const findings = matrixFindings(matrix).map(({ name, state, means, todo }) => ({ name, state, means, todo }))
  return { matrix, findings, of: (service: string) => findings.filter(({ name }) => name === service) }
}

test('what each of the seed’s services needs is known, and of ours by what they start with', () => {
  const stores = (service: string) => ['DATABASE_URL', 'REDIS_URL'].map((name) => serviceNeeds(service)?.required.includes(name))
  expect(stores('helix-backend-api')).toEqual([true, true])
  expect(stores('helix-discord-bot')).toEqual([true, true])
  expect(stores('helix-dashboard')).toEqual([false, true])
  expect(stores('helix-claude-api')).toEqual([true, true])
  expect(stores('helix-service-integration')).toEqual([false, true])
  expect(stores('agent-orchestrator')).toEqual([true, true])
  expect(stores('helix-voice-processor')).toEqual([false, true])
  expect(stores('Websocket Service')).toEqual([false, true])
  expect(stores('zapier-service')).toEqual([true, true])
  expect(serviceNeeds('a-shop')).toBeUndefined()
  expect(serviceNeeds('zapier-integration')?.optional).not.toContain('PORT')
})

test('a service that lacks a store is told which reference to set', () => {
  const { matrix, of } = examined(
    ['helix-claude-api'],
    [own('helix-claude-api', 'ANTHROPIC_API_KEY'), own('helix-claude-api', 'REDIS_URL')],
  )
  expect(matrix.rows[0]).toMatchObject({
    postgres: { needs: true, has: false },
    redis: { needs: true, has: true },
    lacks: ['DATABASE_URL'],
  })
  expect(of('helix-claude-api')[0]).toMatchObject({
    state: 'problem',
    means: 'It needs DATABASE_URL, and does not have it.',
    todo: `Set DATABASE_URL to \${{Postgres.DATABASE_URL}} on helix-claude-api.`,
  })
})

test('what is shared already is to be shared; what nobody has is to be set', () => {
  const { of } = examined(['helix-backend-api'], [...connected('helix-backend-api'), own('', 'JWT_SECRET')])
  expect(of('helix-backend-api')).toMatchObject([
    { state: 'problem', todo: `Share it: set JWT_SECRET to \${{shared.JWT_SECRET}} on helix-backend-api.` },
    { state: 'warning', todo: 'Set ANTHROPIC_API_KEY on helix-backend-api.' },
    { state: 'warning' },
  ])
})

test('the dashboard needs no PostgreSQL, and nothing is said of a service that is not known but what it has', () => {
  const { of, matrix } = examined(['helix-dashboard', 'shop'], [own('helix-dashboard', 'REDIS_URL'), own('shop', 'DATABASE_URL')])
  expect(of('helix-dashboard')).toMatchObject([{ state: 'ok', means: 'It has all that it needs. Connected to Redis; 1 variable.' }])
  expect(of('shop')).toMatchObject([{ state: 'ok', means: 'Helix does not know what it needs. Connected to PostgreSQL; 1 variable.' }])
  expect(matrix.rows[1]).toMatchObject({ known: false, postgres: { needs: undefined, has: true }, lacks: [] })
})

test.each(['DISCORD_BOT_TOKEN', 'DISCORD_TOKEN'])('%s on any other service is an error, by whatever name it gets there', (name) => {
  const { of } = examined(
    ['helix-discord-bot', 'helix-backend-api', 'shop', 'sly'],
    [
      own('helix-discord-bot', name),
      own('helix-backend-api', name),
      own('shop', name),
      own('sly', 'HARMLESS', { owner: 'helix-discord-bot', name }),
    ],
  )
  for (const service of ['helix-backend-api', 'shop', 'sly']) {
    expect(of(service)[0]).toMatchObject({ state: 'problem', means: expect.stringMatching(`${name}( of another)?, and is not the bot`) })
  }
  expect(of('helix-discord-bot').some(({ means }) => means.includes('is not the bot'))).toBe(false)
})

test('the bot token as a shared variable is an error', () => {
  const { findings } = examined(['helix-discord-bot'], [own('', 'DISCORD_BOT_TOKEN'), own('', 'HELIX_SECRET_KEY'), own('', 'JWT_SECRET')])
  expect(findings.filter(({ name }) => name.endsWith('(shared)'))).toMatchObject([
    { name: 'DISCORD_BOT_TOKEN (shared)', state: 'problem', todo: expect.stringContaining('reset the token') },
    { name: 'HELIX_SECRET_KEY (shared)', state: 'problem' },
  ])
})

test('a secret of one service on another is a warning', () => {
  const { of } = examined(['shop', 'zapier-integration'], [own('shop', 'RAILWAY_API_TOKEN'), own('zapier-integration', 'HELIX_SECRET_KEY')])
  expect(of('shop')[0]).toMatchObject({ state: 'warning', means: expect.stringContaining('RAILWAY_API_TOKEN') })
  expect(of('zapier-integration').map(({ means }) => means)).toContainEqual(
    expect.stringContaining('HELIX_SECRET_KEY, which it does not use'),
  )
})

test('a reference that leads nowhere is named; Railway’s own variables lead somewhere', () => {
  const { of } = examined(
    ['shop'],
    [
      own('shop', 'A', { owner: 'Postgress', name: 'DATABASE_URL' }),
      own('shop', 'B', { owner: 'shared', name: 'NOTHING' }),
      own('shop', 'C', { owner: 'Redis', name: 'RAILWAY_PRIVATE_DOMAIN' }),
      own('shop', 'D', { owner: undefined, name: 'A' }),
      own('shop', 'E', { owner: 'id-Redis', name: 'REDIS_URL' }),
    ],
  )
  expect(of('shop').map(({ state, means }) => [state, means.split(',')[0]])).toEqual([
    ['warning', 'A refers to Postgress.DATABASE_URL'],
    ['warning', 'B refers to shared.NOTHING'],
  ])
})

test('the bot needs one of the two Railway tokens', () => {
  const all = ['DATABASE_URL', 'REDIS_URL', 'DISCORD_BOT_TOKEN', 'DISCORD_CLIENT_ID', 'HELIX_SECRET_KEY'].map((name) => own('b', name))
  const { matrix } = examined(['b'], all, 'id-b')
  expect(matrix.rows[0]?.lacks).toEqual(['RAILWAY_TOKEN or RAILWAY_API_TOKEN'])
  expect(examined(['b'], [...all, own('b', 'RAILWAY_TOKEN')], 'id-b').matrix.rows[0]?.lacks).toEqual([])
})

function reading(services: readonly string[], variableNames: () => Promise<readonly VariableName[]>, ownService?: string) {
  const state = stateOf({ services: services.map((name) => serviceWith(undefined, named(name))) })
  return createReadMatrix({
    access: async () => railwayOf({ variableNames }),
    environments: { state: async () => ({ state, stale: false }) },
    needs: serviceNeeds,
    ownService,
    isBotName,
  })(place)
}

test('which service is the bot: the one it runs as, else the one that is named so', async () => {
  const token = async () => [own('helix-discord-bot', 'DISCORD_BOT_TOKEN'), own('helix', 'DISCORD_BOT_TOKEN')]
  const suspects = async (ownService?: string) => {
    const read = await reading(['helix', 'helix-discord-bot'], token, ownService)
    return 'rows' in read ? read.rows.filter(({ foreign }) => foreign.length > 0).map(({ service }) => service) : undefined
  }
  expect(await suspects()).toEqual(['helix'])
  expect(await suspects('id-helix')).toEqual(['helix-discord-bot'])
  expect(await suspects('id-of-another-project')).toEqual(['helix'])
})

test('a token that may not read the names makes the matrix unknown, and nothing is guessed', async () => {
  const refuse = async () => {
    throw new UpstreamError('Railway refused: the token is wrong.', {
      provider: 'Railway',
      operation: 'environment',
      retryable: false,
      outcome: 'refused',
    })
  }
  await expect(reading(['shop'], refuse)).resolves.toMatchObject({ state: 'unknown', name: 'Connection matrix' })
})

test('another’s secret under a name of one’s own is told by the name it has there, however far it was handed on', () => {
  const services = ['helix-discord-bot', 'voice-processor', 'websocket-streaming', 'a-shop']
  const { of } = examined(services, [
    own('helix-discord-bot', 'DISCORD_BOT_TOKEN'),
    own('voice-processor', 'HANDED_ON', { owner: 'helix-discord-bot', name: 'DISCORD_BOT_TOKEN' }),
    own('websocket-streaming', 'MY_TOKEN', { owner: 'voice-processor', name: 'HANDED_ON' }),
    own('a-shop', 'SIGNING', { owner: undefined, name: 'ZAPIER_SECRET' }),
    own('a-shop', 'ZAPIER_SECRET'),
  ])
  const deletions = (service: string) =>
    of(service)
      .flatMap(({ todo }) => /Delete \S+ from \S+[.,]/.exec(todo ?? '') ?? [])
      .map(String)
  expect(deletions('websocket-streaming')).toEqual(['Delete MY_TOKEN from websocket-streaming,'])
  expect(
    of('websocket-streaming')
      .map(({ means }) => means)
      .join(),
  ).toContain('It has MY_TOKEN, which is DISCORD_BOT_TOKEN of another')
  expect(deletions('voice-processor')).toEqual(['Delete HANDED_ON from voice-processor,'])
  expect(deletions('a-shop')).toEqual(['Delete SIGNING from a-shop.', 'Delete ZAPIER_SECRET from a-shop.'])
  expect(deletions('helix-discord-bot')).toEqual([])
})

test('a reference that leads nowhere, or in a ring, is no secret that anybody has', () => {
  const { matrix, of } = examined(
    ['websocket-streaming', 'voice-processor'],
    [
      own('websocket-streaming', 'MY_TOKEN', { owner: 'voice-processor', name: 'DISCORD_BOT_TOKEN' }),
      own('websocket-streaming', 'DISCORD_TOKEN', { owner: 'nobody', name: 'DISCORD_TOKEN' }),
      own('voice-processor', 'ONE', { owner: undefined, name: 'TWO' }),
      own('voice-processor', 'TWO', { owner: undefined, name: 'ONE' }),
    ],
  )
  expect(matrix.rows.flatMap(({ foreign }) => foreign)).toEqual([])
  expect(of('websocket-streaming').map(({ means }) => means)).toContain(
    'MY_TOKEN refers to voice-processor.DISCORD_BOT_TOKEN, which does not exist in this environment: it is empty.',
  )
})
