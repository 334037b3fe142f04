import { expect, test } from 'vitest'
import { startDiscord, values } from './running-discord.ts'

test('messages, uploads, commands and channels survive a restart', async () => {
  const first = await startDiscord()
  let changes = 0
  first.emulator.onChange(() => changes++)
  const user = await first.user()
  const ops = user.channel('ops')
  const form = new FormData()
  form.set('payload_json', JSON.stringify({ content: 'kept', nonce: '7', attachments: [{ id: 0, description: 'a file' }] }))
  form.set('files[0]', new Blob(['data']), 'notes.txt')
  const sent = (await first.rest('POST', `/channels/${ops}/messages`, form)).body
  await first.rest('POST', `/applications/${values.applicationId}/commands`, { name: 'x', description: 'X' })
  await first.rest('POST', `/channels/${ops}/messages/${sent.id}/threads`, { name: 'a thread' })
  expect(changes).toBeGreaterThanOrEqual(3)
  const snapshot: unknown = JSON.parse(JSON.stringify(first.emulator.snapshot()))
  await first.close()

  const second = await startDiscord({ snapshot })
  const again = await second.user()
  const [message] = await again.messages('ops')
  expect(message).toMatchObject({ id: sent.id, content: 'kept', attachments: [{ filename: 'notes.txt', description: 'a file' }] })
  expect(await (await fetch(message?.attachments[0]?.url ?? '')).text()).toBe('data')
  expect((await again.commands()).map(({ name }) => name)).toEqual(['x'])
  expect((await second.rest('GET', `/channels/${sent.id}`)).body.name).toBe('a thread')
  // A nonce is still known, and a new id is higher than all before.
  const twin = await second.rest('POST', `/channels/${ops}/messages`, { content: 'kept', nonce: '7', enforce_nonce: true })
  expect(twin.body.id).toBe(sent.id)
  const next = await second.rest('POST', `/channels/${ops}/messages`, { content: 'next' })
  expect(BigInt(next.body.id)).toBeGreaterThan(BigInt(sent.id))
  await second.close()
})
