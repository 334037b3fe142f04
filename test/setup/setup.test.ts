import { readFile, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { PassThrough } from 'node:stream'
import { expect, test } from 'vitest'
import { UpstreamError, UserError } from '#src/kernel/errors.ts'
import { withValues } from '#src/setup/dotenv-file.ts'
import { inviteLink } from '#src/setup/invite-link.ts'
import { runSetup } from '#src/setup/run-setup.ts'
import type { ConnectRailway } from '#src/setup/setup-railway.ts'
import { createTerminal } from '#src/setup/terminal.ts'
import { temporaryFolder } from '../launch/temporary-folder.ts'

const project = { id: '1c4e9f0a-0000-4000-8000-000000000001', name: 'helix' }
const environments = [
  { id: 'e1', name: 'production' },
  { id: 'e2', name: 'staging' },
]

const connectRailway: ConnectRailway = ({ kind, value }) => ({
  async scope() {
    if (value !== `${kind}-token`) {
      throw new UpstreamError('Not Authorized', { provider: 'Railway', operation: 'scope', retryable: false, outcome: 'refused' })
    }
    if (kind === 'account') return { kind: 'workspace', workspaces: [{ id: 'w', name: 'Team' }] }
    return { kind: 'project', project, environment: environments[0]! }
  },
  project: async () => ({ ...project, environments }),
  close: async () => {},
})

async function readDiscord(token: string) {
  if (token !== 'bot-token') throw new UserError('Discord does not know this token.')
  return { application: { id: '1100000000000000500', name: 'Helix' }, guilds: [{ id: '1100000000000000100', name: 'Team' }] }
}

async function setup(answers: readonly string[], before?: string) {
  const path = join(await temporaryFolder(), '.env')
  if (before !== undefined) await writeFile(path, before)
  const [input, output] = [new PassThrough(), new PassThrough()]
  input.end(answers.map((answer) => `${answer}\n`).join(''))
  const code = await runSetup({ terminal: createTerminal(input, output), path, readDiscord, connectRailway })
  return { code, path, said: String(output.read()) }
}

test('piped answers are checked, the invite link is printed, and .env is written for its owner alone', async () => {
  const { code, path, said } = await setup(['bot-token', 'project-token'])
  expect(code).toBe(0)
  expect(said).toContain('client_id=1100000000000000500&scope=bot+applications.commands&permissions=309240908800')
  expect(await readFile(path, 'utf8')).toBe(
    'DISCORD_BOT_TOKEN=bot-token\nDISCORD_CLIENT_ID=1100000000000000500\nDISCORD_GUILD_ID=1100000000000000100\nRAILWAY_TOKEN=project-token\n',
  )
  expect((await stat(path)).mode & 0o777).toBe(0o600)
  expect(said).not.toMatch(/bot-token|project-token/)
})

test('a token that its vendor does not know is asked for again', async () => {
  const { code, said } = await setup(['wrong', 'bot-token', 'nobodys', 'project-token'])
  expect(code).toBe(0)
  expect(said).toContain('Discord does not know this token.')
  expect(said).toContain('Railway does not know this token, neither as a project token nor as one of an account')
})

test('an account token has its project and environment named', async () => {
  const { path, said } = await setup([
    'bot-token',
    'account-token',
    'my project',
    `https://railway.com/project/${project.id}?x=1`,
    '3',
    'staging',
  ])
  expect(said).toContain('There is no project id in that')
  expect(await readFile(path, 'utf8')).toContain(
    `RAILWAY_API_TOKEN=account-token\nRAILWAY_PROJECT_ID=${project.id}\nRAILWAY_ENVIRONMENT_ID=e2\n`,
  )
})

test('what else the file sets stays, and Enter keeps the tokens that it has', async () => {
  const { path } = await setup(
    ['', ''],
    '# mine\nLOG_LEVEL=debug\nDISCORD_BOT_TOKEN=bot-token\nRAILWAY_API_TOKEN=old\nRAILWAY_TOKEN=project-token\n',
  )
  const text = await readFile(path, 'utf8')
  expect(text).toMatch(/^# mine\nLOG_LEVEL=debug\nDISCORD_BOT_TOKEN=bot-token\n/)
  expect(text).toContain('RAILWAY_TOKEN=project-token')
  expect(text).not.toContain('RAILWAY_API_TOKEN')
})

test('a second time, Enter keeps whatever was set: tokens, project, environment', async () => {
  const answers = ['bot-token', 'account-token', project.id, 'staging']
  const before = await readFile((await setup(answers)).path, 'utf8')
  const { code, path, said } = await setup(['', '', '', ''], before)
  expect(code).toBe(0)
  expect(await readFile(path, 'utf8')).toBe(before)
  expect(said).toContain('Enter keeps the present one')
  expect(said).toContain('Enter keeps staging')
  expect(said).not.toContain('There is no project id in that')
})

test('Ctrl-C stops it without a word about answers, and writes nothing', async () => {
  const path = join(await temporaryFolder(), '.env')
  const [input, output] = [Object.assign(new PassThrough(), { isTTY: true }), new PassThrough()]
  const done = runSetup({ terminal: createTerminal(input, output), path, readDiscord, connectRailway })
  input.write('\u0003')
  expect(await done).toBe(130)
  const said = String(output.read())
  expect(said).toContain('Stopped. Nothing was written.')
  expect(said).not.toContain('answers ended')
  await expect(stat(path)).rejects.toThrow('ENOENT')
})

test('how the first roles are given is said, unless they are', async () => {
  const answers = ['bot-token', 'project-token']
  expect((await setup(answers)).said).toContain('HELIX_ROLES=<role id>:<viewer|operator|deployer|admin>')
  expect((await setup(answers, 'HELIX_ROLES=1100000000000000200:deployer\n')).said).not.toContain('HELIX_ROLES')
})

test('answers that end too early write nothing', async () => {
  const { code, path, said } = await setup(['bot-token'])
  expect(code).toBe(1)
  expect(said).toContain('Nothing was written.')
  await expect(stat(path)).rejects.toThrow('ENOENT')
})

test('values that a shell would take apart are quoted', () => {
  expect(withValues('A=1\n', { B: 'two words' })).toBe("A=1\nB='two words'\n")
})

test('the invite link asks for what Helix does and no more', () => {
  expect(inviteLink('1')).toBe(
    'https://discord.com/oauth2/authorize?client_id=1&scope=bot+applications.commands&permissions=309240908800&integration_type=0',
  )
})
