import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { afterEach, expect, test } from 'vitest'
import { openWire, type Wire } from '#test/adapters/discord/wire.ts'

const run = promisify(execFile)
const application = '600000000000000001'
const guild = '800000000000000001'

let wire: Wire | undefined
afterEach(() => wire?.close())

async function deploy(args: readonly string[], variables: Readonly<Record<string, string>>) {
  const env = { PATH: process.env.PATH, ...variables }
  return run(process.execPath, ['deploy-commands.ts', ...args], { env }).then(
    ({ stdout, stderr }) => ({ code: 0, stdout, stderr }),
    ({ code, stdout, stderr }: { code: number; stdout: string; stderr: string }) => ({ code, stdout, stderr }),
  )
}

test('says what would change and writes nothing with --dry-run, then writes it for the guild', async () => {
  const old = { id: '1', type: 1, name: 'an-old-one', description: 'Gone', version: '1', application_id: application }
  wire = await openWire({ reply: ({ method }) => ({ status: 200, json: method === 'GET' ? [old] : [] }) })
  const variables = { DISCORD_BOT_TOKEN: 'b.o.t', DISCORD_CLIENT_ID: application, DISCORD_GUILD_ID: guild, DISCORD_API_URL: wire.apiUrl }
  const dry = await deploy(['--dry-run'], variables)
  expect(dry.stderr).toBe('')
  expect(dry.stdout).toContain('- an-old-one')
  expect(dry.stdout).toContain('Nothing was written')
  expect(wire.seen.map(({ method }) => method)).toEqual(['GET', 'GET'])
  const real = await deploy([], variables)
  expect(real).toMatchObject({ code: 0, stderr: '' })
  const written = wire.seen.filter(({ method }) => method === 'PUT').map(({ path }) => path)
  expect(written[0]).toBe(`/applications/${application}/guilds/${guild}/commands`)
})

test('for one server, those that stand for every server are taken away, as the bot does at its start', async () => {
  const global = { id: '1', type: 1, name: 'status', description: 'Twice', version: '1', application_id: application }
  const everywhere = `/applications/${application}/commands`
  wire = await openWire({
    reply: ({ method, path }) => ({ status: 200, json: method === 'GET' && path.split('?')[0] === everywhere ? [global] : [] }),
  })
  const variables = { DISCORD_BOT_TOKEN: 'b.o.t', DISCORD_CLIENT_ID: application, DISCORD_GUILD_ID: guild, DISCORD_API_URL: wire.apiUrl }
  const { stdout, stderr } = await deploy([], variables)
  expect(stderr).toBe('')
  expect(stdout).toContain('- status (for every server)')
  expect(stdout).toMatch(new RegExp(`Written: \\d+ changes for the server ${guild}, so that each command is there once\\.`))
  expect(wire.seen.at(-1)).toMatchObject({ method: 'PUT', path: everywhere, body: [] })
})

test('for every server, those of a single one are left, and it says so', async () => {
  wire = await openWire({ reply: () => ({ status: 200, json: [] }) })
  const { stdout } = await deploy([], { DISCORD_BOT_TOKEN: 'b.o.t', DISCORD_CLIENT_ID: application, DISCORD_API_URL: wire.apiUrl })
  expect(stdout).toContain('for every server. What stands for a single server is left as it is: set DISCORD_GUILD_ID to change that.')
  expect(wire.seen.every(({ path }) => !path.includes('guilds'))).toBe(true)
})

test('names every missing variable at once and asks Discord nothing', async () => {
  const { code, stderr } = await deploy([], {})
  expect(code).toBe(1)
  expect(stderr).toContain('DISCORD_BOT_TOKEN is missing')
  expect(stderr).toContain('DISCORD_CLIENT_ID is missing')
})

test('a refusal is one sentence and exit code 1', async () => {
  wire = await openWire({ reply: () => ({ status: 401, json: { code: 0, message: '401: Unauthorized' } }) })
  const { code, stderr } = await deploy([], {
    DISCORD_BOT_TOKEN: 'a.b.secret-token',
    DISCORD_CLIENT_ID: application,
    DISCORD_API_URL: wire.apiUrl,
  })
  expect(code).toBe(1)
  expect(stderr.trim()).toBe('Discord refused the bot token.')
})
