import { once } from 'node:events'
import { mkdir, writeFile } from 'node:fs/promises'
import { request } from 'node:http'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { expect, onTestFinished, test } from 'vitest'
import { WebSocket } from 'ws'
import { z } from 'zod'
import type { Emulator, Fault } from '#playground/emulator.ts'
import { collectFaults } from '#playground/faults.ts'
import { createPlaygroundServer } from '#playground/server.ts'
import { temporaryFolder } from '../launch/temporary-folder.ts'
import { quietLog } from '../support/quiet-log.ts'

const root = new URL('../../', import.meta.url)

function emulator(name: Emulator['name'], more: Partial<Emulator> = {}): Emulator {
  return {
    name,
    routes: (server) => void server.get(`/${name}`, async () => ({ from: name })),
    upgrade: () => false,
    state: () => ({ [name]: 'here', processes: [{ pid: 1, of: name }] }),
    faults: {},
    snapshot: () => ({}),
    onChange: () => {},
    close: async () => {},
    ...more,
  }
}

async function open({ emulators = [emulator('discord'), emulator('railway')], page = root, own = {} as Record<string, Fault> } = {}) {
  const server = createPlaygroundServer({
    emulators,
    faults: collectFaults(emulators, own),
    state: () => ({ processes: [{ name: 'bot', pid: 7 }] }),
    page,
    packages: new URL('node_modules/', root),
    log: quietLog(),
  })
  const port = await server.listen(0)
  onTestFinished(() => server.close())
  return { port, server, url: `http://127.0.0.1:${port}` }
}

/** fetch sets Host by itself; a rebound name or a foreign page does not ask so kindly. */
async function statusOf(port: number, headers: Record<string, string>, path = '/playground/state'): Promise<number | undefined> {
  const asked = request({ port, host: '127.0.0.1', path, headers }).end()
  const [response] = await once(asked, 'response')
  response.resume()
  return response.statusCode
}

test('one port answers for every emulator, and their states stand side by side', async () => {
  const { url } = await open()
  expect(await (await fetch(`${url}/railway`)).json()).toEqual({ from: 'railway' })
  expect(await (await fetch(`${url}/playground/state`)).json()).toEqual({
    discord: 'here',
    railway: 'here',
    processes: [
      { name: 'bot', pid: 7 },
      { pid: 1, of: 'discord' },
      { pid: 1, of: 'railway' },
    ],
  })
})

test('only this computer is answered: a name that was pointed here and a foreign page are refused', async () => {
  const { port } = await open()
  expect(await statusOf(port, { host: 'evil.example' })).toBe(403)
  expect(await statusOf(port, { host: `evil.example:${port}` })).toBe(403)
  expect(await statusOf(port, { host: `127.0.0.1:${port}`, origin: 'https://evil.example' })).toBe(403)
  expect(await statusOf(port, { host: `127.0.0.1:${port}`, origin: 'null' })).toBe(403)
  expect(await statusOf(port, { host: `localhost:${port}`, origin: `http://localhost:${port}` })).toBe(200)
  const foreign = new WebSocket(`ws://127.0.0.1:${port}/gateway`, { origin: 'https://evil.example' })
  const [error] = await once(foreign, 'error')
  expect(error.message).toContain('403')
})

test('a WebSocket goes to the emulator whose path it is, and to none otherwise', async () => {
  const taking = emulator('railway', {
    upgrade(request, socket) {
      if (request.url !== '/mine') return false
      socket.end('HTTP/1.1 418 Mine\r\n\r\n')
      return true
    },
  })
  const { port } = await open({ emulators: [emulator('discord'), taking] })
  const errors = ['/mine', '/nobodys'].map(async (path) => (await once(new WebSocket(`ws://127.0.0.1:${port}${path}`), 'error'))[0].message)
  expect(await Promise.all(errors)).toEqual([expect.stringContaining('418'), expect.stringContaining('404')])
})

async function inject(url: string, body: unknown) {
  const headers = { 'content-type': 'application/json' }
  const response = await fetch(`${url}/playground/faults`, { method: 'POST', headers, body: JSON.stringify(body) })
  return { status: response.status, body: await response.json() }
}

test('faults are listed with their forms, injected by name, and refused in a sentence', async () => {
  const kill: Fault = {
    describe: 'Kill a service.',
    schema: z.object({ service: z.string().min(1), times: z.number().int().default(1) }) as z.ZodType<unknown>,
    inject: async (body) => ({ killed: body }),
  }
  const { url } = await open({
    emulators: [emulator('railway', { faults: { kill } })],
    own: { 'redis.stop': { ...kill, schema: z.object({}) } },
  })
  const list = await (await fetch(`${url}/playground/faults`)).json()
  expect(list.map(({ fault }: { fault: string }) => fault)).toEqual(['railway.kill', 'redis.stop'])
  expect(list[0]).toMatchObject({
    describe: 'Kill a service.',
    schema: { properties: { service: { type: 'string' } }, required: ['service'] },
  })
  expect(await inject(url, { fault: 'railway.kill', service: 'voice-processor' })).toEqual({
    status: 200,
    body: { killed: { service: 'voice-processor', times: 1 } },
  })
  expect(await inject(url, { fault: 'railway.kil' })).toEqual({
    status: 400,
    body: { error: 'There is no fault called "railway.kil". Nothing was done.', faults: ['railway.kill', 'redis.stop'] },
  })
  const refused = await inject(url, { fault: 'railway.kill', service: '' })
  expect(refused.status).toBe(400)
  expect(refused.body.error).toMatch(/^The fault railway.kill was not injected. service: /)
  expect((await inject(url, [])).status).toBe(400)
})

test('the page is served with its types erased, its libraries beside it, and nothing else of the disk', async () => {
  const folder = await temporaryFolder()
  await mkdir(join(folder, 'page/view'), { recursive: true })
  await writeFile(join(folder, 'page/index.html'), '<title>Helix</title>')
  await writeFile(join(folder, 'page/view/one.ts'), 'export const one: number = 1\n')
  await writeFile(join(folder, 'secret.json'), '{}')
  const { url, port } = await open({ page: pathToFileURL(`${join(folder, 'page')}/`) })
  expect(await (await fetch(url)).text()).toBe('<title>Helix</title>')
  const script = await fetch(`${url}/view/one.ts`)
  expect(script.headers.get('content-type')).toContain('text/javascript')
  expect(await script.text()).not.toContain('number')
  expect((await fetch(`${url}/modules/preact/dist/preact.mjs`)).headers.get('content-type')).toContain('text/javascript')
  const local = { host: `127.0.0.1:${port}` }
  for (const path of [
    '/../secret.json',
    '/..%2fsecret.json',
    '/modules/pg/package.json',
    '/modules/preact/../pg/package.json',
    '/none.ts',
  ]) {
    expect(await statusOf(port, local, path)).toBe(404)
  }
})

test('a port that is taken is said by its code, and another can be tried with the same server', async () => {
  const { port } = await open()
  const second = createPlaygroundServer({
    emulators: [],
    faults: new Map(),
    state: () => ({}),
    page: root,
    packages: root,
    log: quietLog(),
  })
  onTestFinished(() => second.close())
  await expect(second.listen(port)).rejects.toMatchObject({ code: 'EADDRINUSE' })
  expect(await second.listen(0)).not.toBe(port)
})
