import { describe, expect, test } from 'vitest'
import { botConfig } from '#src/config/bot-config.ts'
import { readConfig } from '#src/config/read-config.ts'
import { ConfigError } from '#src/kernel/errors.ts'

const good = {
  DISCORD_BOT_TOKEN: 'MTEwMDAwMDAwMDAwMDAwNTAw.a-time.a-token-nobody-may-read',
  DISCORD_CLIENT_ID: '123456789012345678',
  DATABASE_URL: 'postgresql://helix:a-password@localhost:5432/helix',
  REDIS_URL: 'redis://localhost:6379',
  HELIX_SECRET_KEY: 'k'.repeat(32),
  RAILWAY_API_TOKEN: 'another-token',
  RAILWAY_PROJECT_ID: '4f3c2b1a-0000-4000-8000-000000000001',
  RAILWAY_ENVIRONMENT_ID: '4f3c2b1a-0000-4000-8000-000000000002',
}

function refusal(environment: Record<string, string | undefined>): ConfigError {
  try {
    readConfig(botConfig, environment)
  } catch (error) {
    if (error instanceof ConfigError) return error
    throw error
  }
  throw new Error('it was accepted')
}

describe('the bot’s variables', () => {
  test('are read with their defaults', () => {
    const config = readConfig(botConfig, good)
    expect(config).toMatchObject({ DISCORD_API_URL: 'https://discord.com/api', HELIX_ROLE: 'all', HELIX_ROLES: [], DB_POOL_SIZE: 10 })
  })
  test('that are missing are all named at once', () => {
    const { message } = refusal({})
    for (const name of Object.keys(good))
      if (!name.startsWith('RAILWAY_PROJECT') && !name.startsWith('RAILWAY_ENV')) expect(message).toContain(name)
  })
  test('that are empty count as missing', () => expect(refusal({ ...good, REDIS_URL: ' ' }).problems).toEqual(['REDIS_URL is missing']))
  test('that are malformed are named, and no value is printed', () => {
    const bad = {
      DISCORD_CLIENT_ID: 'sesame-1',
      DATABASE_URL: 'mysql://sesame-2',
      HELIX_ROLES: 'sesame-3',
      HELIX_ROLE: 'sesame-4',
      HELIX_SECRET_KEY: 'sesame-5',
      RAILWAY_PROJECT_ID: 'sesame-6',
    }
    const { message } = refusal({ ...good, ...bad, DISCORD_BOT_TOKEN: undefined })
    for (const name of [...Object.keys(bad), 'DISCORD_BOT_TOKEN']) expect(message).toContain(name)
    expect(message).not.toContain('sesame')
  })
  test.each([
    ...['HEARTBEAT_URL', 'HELIX_BOT_URL', 'WEBSOCKET_SERVICE_URL', 'DATABASE_URL', 'REDIS_URL', 'DISCORD_API_URL', 'RAILWAY_API_URL'],
    ...['CLAUDE_API_URL', 'OTEL_EXPORTER_OTLP_ENDPOINT', 'GOOGLE_SPEECH_ENDPOINT', 'GOOGLE_TTS_ENDPOINT'],
  ])('%s that is no URL at all is named once, unprinted', (name) => {
    for (const value of ['sesame', 'https://', 'https://sesame b', '//sesame', 'sesame:1']) {
      const { problems, message } = refusal({ ...good, [name]: value })
      expect(problems).toEqual([expect.stringMatching(new RegExp(`^${name} must be `))])
      expect(message).not.toContain('sesame')
    }
  })
  test('a heartbeat is asked without user and password: whatever asks would refuse, and print them', () => {
    const { problems } = refusal({ ...good, HEARTBEAT_URL: 'https://sesame:open@hc-ping.com/1' })
    expect(problems).toEqual(['HEARTBEAT_URL must have no user and no password in it'])
  })
  test.each([
    // As Discord has issued them since 2015, and the playground's own.
    'MTk4NjIyNDgzNDcxOTI1MjQ4.Cl2FMQ.ZnCjm1XVW7vRze4b7Cq4se7kKWs',
    'MTEwMDAwMDAwMDAwMDAwNTAw.GaBcDe.0123456789-abcdefghij_klmnopqrstuvwxyzA',
    'MTEwMDAwMDAwMDAwMDAwNTAw.playgr.emulated-discord-token-no-secret',
  ])('the bot token %s has the form of one', (DISCORD_BOT_TOKEN) =>
    expect(readConfig(botConfig, { ...good, DISCORD_BOT_TOKEN }).DISCORD_BOT_TOKEN).toBe(DISCORD_BOT_TOKEN),
  )
  test.each(['sekret123', '<token>', 'your.token', 'Bot MTk4.Cl2FMQ.ZnCjm1', '"MTk4.Cl2FMQ.ZnCjm1"', 'a.b.c.d', '..'])(
    'the bot token %s is refused as none, unprinted',
    (DISCORD_BOT_TOKEN) => {
      const { problems } = refusal({ ...good, DISCORD_BOT_TOKEN })
      expect(problems).toEqual([expect.stringMatching(/^DISCORD_BOT_TOKEN must be a bot token: three parts/)])
      expect(problems.join()).not.toContain(DISCORD_BOT_TOKEN)
    },
  )
  test('an account token needs project and environment, whatever else is wrong', () => {
    const { problems } = refusal({ RAILWAY_API_TOKEN: 'x' })
    expect(problems.join()).toContain('RAILWAY_PROJECT_ID is missing')
    expect(problems.join()).toContain('RAILWAY_ENVIRONMENT_ID is missing')
  })
  test('a project token needs neither', () => {
    const { RAILWAY_API_TOKEN: _, RAILWAY_PROJECT_ID: __, RAILWAY_ENVIRONMENT_ID: ___, ...rest } = good
    expect(readConfig(botConfig, { ...rest, RAILWAY_TOKEN: 'x' }).RAILWAY_TOKEN).toBe('x')
  })
  test('HELIX_HEALTH_INTERVAL_SECONDS is a minute, and no less than Railway’s budget allows for', () => {
    expect(readConfig(botConfig, good).HELIX_HEALTH_INTERVAL_SECONDS).toBe(60)
    expect(readConfig(botConfig, { ...good, HELIX_HEALTH_INTERVAL_SECONDS: '5' }).HELIX_HEALTH_INTERVAL_SECONDS).toBe(5)
    for (const wrong of ['4', '3601', 'often']) {
      expect(refusal({ ...good, HELIX_HEALTH_INTERVAL_SECONDS: wrong }).message).toContain('HELIX_HEALTH_INTERVAL_SECONDS')
    }
  })
  test('HELIX_ROLES maps Discord roles to Helix roles', () => {
    const { HELIX_ROLES } = readConfig(botConfig, { ...good, HELIX_ROLES: '123456789012345678:deployer, 223456789012345678:viewer' })
    expect(HELIX_ROLES).toEqual([
      { roleId: '123456789012345678', role: 'deployer' },
      { roleId: '223456789012345678', role: 'viewer' },
    ])
  })
  test('HELIX_SERVICE_ROLES gives services roles of their own', () => {
    const { HELIX_SERVICE_ROLES } = readConfig(botConfig, {
      ...good,
      HELIX_SERVICE_ROLES: 'zapier-integration:operator, voice-processor:viewer, agent:kael.2:deployer',
    })
    expect(HELIX_SERVICE_ROLES).toEqual([
      { roleId: 'token:zapier-integration', role: 'operator' },
      { roleId: 'token:voice-processor', role: 'viewer' },
      { roleId: 'token:agent:kael.2', role: 'deployer' },
    ])
  })
  test.each([
    'zapier:operator',
    'zapier-integration',
    'zapier-integration:root',
    'agent:operator',
    'agent::operator',
    'agent:a:b:operator',
    'agent:kael:viewer,agent:kael:admin',
    'zapier-integration:viewer,zapier-integration:admin',
    ',',
  ])('HELIX_SERVICE_ROLES %s is refused', (HELIX_SERVICE_ROLES) =>
    expect(refusal({ ...good, HELIX_SERVICE_ROLES }).message).toContain('HELIX_SERVICE_ROLES must read'),
  )
  test('the secret of the mesh is not the one of users’ tokens', () => {
    const same = 'k'.repeat(40)
    expect(refusal({ ...good, JWT_SECRET: same, SERVICE_MESH_SECRET: same }).message).toContain('must not be the same')
  })
})
