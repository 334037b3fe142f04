import { afterEach, expect, test } from 'vitest'
import { commandDiff } from '#src/adapters/discord/command-diff.ts'
import { createDiscordCommands } from '#src/adapters/discord/commands.ts'
import { quietLog } from '#test/support/quiet-log.ts'
import { openWire, type Wire } from './wire.ts'

const application = '600000000000000001'
const guild = '800000000000000001'
const option = { type: 3, name: 'service', description: 'Which', required: true, autocomplete: true }
const deploy = { type: 1, name: 'deploy', description: 'Deploy it', options: [option], contexts: [0], integration_types: [0] }
const status = { type: 1, name: 'status', description: 'Everything at a glance', options: [], contexts: [0], integration_types: [0] }

/** As Discord gives a command back: with ids, versions and defaults, without what is false or empty. */
const asStored = ({ options, ...command }: typeof deploy | typeof status, more: object = {}) => ({
  id: '1',
  application_id: application,
  version: '2',
  default_member_permissions: null,
  nsfw: false,
  dm_permission: true,
  name_localizations: null,
  description_localizations: null,
  ...command,
  ...(options.length > 0 && { options }),
  ...more,
})

let wire: Wire | undefined
afterEach(() => wire?.close())

async function register(standing: readonly object[], payload: readonly object[], guildId?: string, options?: { dryRun: boolean }) {
  wire = await openWire({ reply: ({ method }) => (method === 'GET' ? { status: 200, json: standing } : { status: 200, json: [] }) })
  const commands = createDiscordCommands({ token: 't', apiUrl: wire.apiUrl, applicationId: application, log: quietLog() })
  const lines = await commands.register(payload, guildId, options)
  return { lines, written: wire.seen.filter(({ method }) => method === 'PUT') }
}

test('where nothing differs nothing is written', async () => {
  expect(await register([asStored(status), asStored(deploy)], [deploy, status])).toEqual({ lines: [], written: [] })
})

test('added, changed and removed commands are one bulk write and a line each', async () => {
  const standing = [asStored(deploy, { description: 'Old words' }), asStored(status, { name: 'old' })]
  const { lines, written } = await register(standing, [deploy, status])
  expect(lines).toEqual(['~ deploy (description)', '- old', '+ status'])
  expect(written).toMatchObject([{ path: `/applications/${application}/commands`, body: [deploy, status] }])
})

test('a dry run tells the same and writes nothing', async () => {
  const { lines, written } = await register([], [deploy], undefined, { dryRun: true })
  expect(lines).toEqual(['+ deploy'])
  expect(written).toEqual([])
})

test('in a guild, what only global commands have is neither sent nor compared', async () => {
  const { contexts: _, integration_types: __, ...inGuild } = deploy
  expect(await register([asStored(deploy, { contexts: null, guild_id: guild })], [deploy], guild)).toEqual({ lines: [], written: [] })
  await wire?.close()
  const { written } = await register([], [deploy], guild)
  expect(written).toMatchObject([{ path: `/applications/${application}/guilds/${guild}/commands` }])
  expect(written[0]!.body).toEqual([inGuild])
})

test('a refusal is a sentence and writes nothing', async () => {
  wire = await openWire({ reply: () => ({ status: 403, json: { code: 50001, message: 'Missing Access' } }) })
  const commands = createDiscordCommands({ token: 't', apiUrl: wire.apiUrl, applicationId: application, log: quietLog() })
  await expect(commands.register([deploy], guild)).rejects.toThrow('50001: Missing Access')
  expect(wire.seen).toHaveLength(1)
})

test.each<[string, object, string]>([
  ['an option that changed', { ...deploy, options: [{ ...option, description: 'Which one' }] }, '~ deploy (option service)'],
  ['an option that is new', { ...deploy, options: [option, { type: 5, name: 'dry-run', description: 'x' }] }, '~ deploy (option dry-run)'],
  ['an option that is gone', { ...deploy, options: [] }, '~ deploy (option service removed)'],
  ['permissions', { ...deploy, default_member_permissions: '0' }, '~ deploy (default member permissions)'],
])('%s is named', (_, wanted, line) => {
  expect(commandDiff([asStored(deploy)], [wanted], 'global')).toEqual([line])
})
