import { expect, test } from 'vitest'
import type { Capabilities } from '#src/capabilities.ts'
import { renderReport } from '#src/doors/render/render-report.ts'
import type { Call } from '#src/kernel/call.ts'
import type { Directory } from '#src/kernel/directory.ts'
import { createDispatch } from '#src/kernel/dispatch.ts'
import { loadCommands } from '#src/kernel/load.ts'

const book = await loadCommands(new URL('../../commands/', import.meta.url))
const typed = [...book].filter(([, { doors }]) => doors.includes('slash')).map(([leaf]) => leaf)
const dispatch = createDispatch({ book, capabilities: { book } as Capabilities, directory: {} as Directory, entry: [], action: [] })

async function help(raw: Call['raw'] = {}) {
  const place = { guild: 'g', project: 'p', environment: 'e' }
  const report = await dispatch({ key: 'k', command: 'help', raw, actor: { kind: 'member', id: '1', name: 'Ada' }, door: 'slash', place })
  const { embeds, files } = await renderReport(report, { customId: async () => 'x' })
  const [{ fields }] = embeds as [{ fields: readonly { readonly name: string; readonly value: string }[] }]
  return { fields, files }
}

test('/help shows every command that can be typed in one message, looking first, and needs no file for it', async () => {
  const { fields, files } = await help()
  expect(files).toBeUndefined()
  expect(fields.map(({ name }) => name).slice(0, 2)).toEqual(['Look', 'Change'])
  const lines = fields.flatMap(({ name, value }) => value.split('\n').map((line) => (name.startsWith('/') ? `${name} ${line}` : line)))
  expect(lines.map((line) => /^\/([a-z -]+):/.exec(line)![1]!.replaceAll(' ', '.')).sort()).toEqual(typed.toSorted())
})

test.each(typed)('/help command:%s explains it in one message', async (command) => {
  expect((await help({ command })).files).toBeUndefined()
})

test.each(['alerts', '/alerts', 'Alerts Route'])('/help command:%s shows what that folder has', async (command) => {
  const { fields } = await help({ command })
  expect(fields.length).toBeGreaterThan(2)
  expect(fields.every(({ name }) => name.startsWith(`/${command.replace('/', '').toLowerCase()} `))).toBe(true)
})

test.each(['incidents silence', '/incidents silence', 'incidents.silence'])('/help command:%s explains it', async (command) => {
  expect((await help({ command })).fields.map(({ name }) => name)).toEqual(['incident', 'for'])
})
