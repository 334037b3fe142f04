import { expect, test } from 'vitest'
import { botConfig } from '#src/config/bot-config.ts'
import { readConfig } from '#src/config/read-config.ts'
import { variablesArea } from '#src/doctor/variables-area.ts'
import { ConfigError } from '#src/kernel/errors.ts'
import { place } from '#test/environments/railway-of.ts'

const good = {
  DISCORD_BOT_TOKEN: `${Buffer.from('110000000000000050').toString('base64url')}.abcdef.real-looking-part`,
  DISCORD_CLIENT_ID: '110000000000000050',
  DATABASE_URL: 'postgresql://db.example.org/helix',
  REDIS_URL: 'redis://cache.example.org',
  HELIX_SECRET_KEY: '0f3a9c7d51e2b846aa10ffde9873c2b1',
  RAILWAY_TOKEN: '6f1e2d3c-0000-4000-8000-000000000001',
}

async function found(changes: Readonly<Record<string, string | undefined>>) {
  const environment = { ...good, ...changes }
  const check = () => {
    try {
      readConfig(botConfig, environment)
      return []
    } catch (error) {
      if (error instanceof ConfigError) return error.problems
      throw error
    }
  }
  const findings = await variablesArea({ environment, known: Object.keys(botConfig.shape), provided: [], check }).examine(place)
  for (const finding of findings) {
    for (const value of Object.values(environment)) if (value && value.length > 12) expect(JSON.stringify(finding)).not.toContain(value)
  }
  return findings.map(({ name, state, means }) => [state, name, means] as const)
}

test('variables that are right are one line', async () => {
  expect(await found({})).toEqual([['ok', 'All', '6 are set; none is missing, malformed or suspicious.']])
})

test.each<[string, Record<string, string | undefined>, string, string]>([
  ['missing', { DISCORD_BOT_TOKEN: undefined }, 'problem', 'DISCORD_BOT_TOKEN'],
  ['empty', { DATABASE_URL: '  ' }, 'problem', 'DATABASE_URL'],
  ['malformed', { REDIS_URL: 'http://cache' }, 'problem', 'REDIS_URL'],
  ['a placeholder', { RAILWAY_TOKEN: 'your-railway-token' }, 'problem', 'RAILWAY_TOKEN'],
  ['a placeholder in brackets', { DISCORD_BOT_TOKEN: '<token>' }, 'problem', 'DISCORD_BOT_TOKEN'],
  ['the guide’s own words', { JWT_SECRET: 'your-secret-key-here-and-then-some-more' }, 'problem', 'JWT_SECRET'],
  ['guessable', { HELIX_SECRET_KEY: 'a'.repeat(40) }, 'problem', 'HELIX_SECRET_KEY'],
  ['quoted', { RAILWAY_TOKEN: '"6f1e2d3c-0000-4000-8000-000000000001"' }, 'warning', 'RAILWAY_TOKEN'],
  ['with a line break', { RAILWAY_TOKEN: `${good.RAILWAY_TOKEN}\n` }, 'warning', 'RAILWAY_TOKEN'],
  ['both Railway tokens', { RAILWAY_API_TOKEN: 'b5a5b3d2-0000-4000-8000-000000000009' }, 'warning', 'RAILWAY_TOKEN'],
  ['another application’s token', { DISCORD_CLIENT_ID: '110000000000000051' }, 'warning', 'DISCORD_CLIENT_ID'],
  ['this machine in production', { NODE_ENV: 'production', REDIS_URL: 'redis://127.0.0.1:6379' }, 'warning', 'REDIS_URL'],
  ['a misspelt name', { DISCORD_GULD_ID: '110000000000000077' }, 'warning', 'DISCORD_GULD_ID'],
])('%s is found, and no value is shown', async (_, changes, state, name) => {
  const findings = await found(changes)
  expect(findings.map(([one, other]) => [one, other])).toContainEqual([state, name])
})

test('secrets that are the same are named together', async () => {
  const same = '9c0fd2ba77e1463b8d5a2f4e6b1c3d70'
  const findings = await found({ JWT_SECRET: same, SERVICE_MESH_SECRET: same, HELIX_SECRET_KEY: same })
  expect(findings.map(([, name]) => name)).toContain('HELIX_SECRET_KEY, JWT_SECRET and SERVICE_MESH_SECRET')
})
