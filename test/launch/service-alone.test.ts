import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { isAlive } from '#src/launch/living-process.ts'
import { runFile, until } from '#test/services/service-process.ts'
import { temporaryFolder } from './temporary-folder.ts'

test('a service on a bare machine gets what it needs, says how it is asked, and leaves nothing behind', async () => {
  const data = await temporaryFolder()
  const run = runFile('tools/service.ts', ['zapier-integration'], { HELIX_DATA: data, PORT: '0' })
  const [, token = '', address = ''] = await until(() => run.stdout().match(/curl -H 'Authorization: Bearer (\S+)' (\S+)/) ?? undefined)
  for (const provided of ['JWT_SECRET: made by itself', 'ZAPIER_SECRET: made by itself', 'PostgreSQL: embedded', 'Redis: ']) {
    expect(run.stdout()).toContain(provided)
  }
  const { port } = new URL(address)
  expect((await fetch(`http://127.0.0.1:${port}/api/info`)).status).toBe(200)
  await until(async () => (await fetch(`http://127.0.0.1:${port}/health/ready`)).status === 200)
  expect((await fetch(`http://127.0.0.1:${port}/no/such/route`, { headers: { authorization: `Bearer ${token}` } })).status).toBe(404)
  expect((await fetch(address)).status).toBe(401)
  expect((await fetch(address, { headers: { authorization: `Bearer ${token}` } })).status).toBe(200)

  const children: { pid: number }[] = JSON.parse(await readFile(join(data, 'services/zapier-integration/children.json'), 'utf8'))
  const [postmaster = ''] = (await readFile(join(data, 'services/zapier-integration/postgres/data/postmaster.pid'), 'utf8')).split('\n')
  const pids = [...children.map(({ pid }) => pid), Number(postmaster)]
  expect(pids.map(isAlive)).toEqual([true, true, true])
  run.child.kill('SIGINT')
  expect(await run.ended).toBe(0)
  expect(pids.map(isAlive)).toEqual([false, false, false])
  const secrets = JSON.parse(await readFile(join(data, 'services/secrets.json'), 'utf8'))
  expect(run.stdout() + run.stderr()).not.toContain(secrets.JWT_SECRET)
}, 30_000)

test('what is given is used, and nothing is provided beside it', async () => {
  const run = runFile('tools/service.ts', ['voice-processor'], {
    HELIX_DATA: await temporaryFolder(),
    PORT: '0',
    REDIS_URL: 'redis://127.0.0.1:1',
    JWT_SECRET: 'a secret that somebody has set, of 32 characters',
    SERVICE_MESH_SECRET: 'another secret that somebody has set, of 32',
  })
  await until(() => run.stdout().includes('curl -H'))
  expect(run.stdout()).not.toMatch(/made by itself|PostgreSQL|Redis:/)
  run.child.kill('SIGTERM')
  expect(await run.ended).toBe(0)
})

test('in production nothing is provided: what is missing is named, and no token is made', async () => {
  const run = runFile('tools/service.ts', ['agent-orchestrator'], { NODE_ENV: 'production', HELIX_DATA: await temporaryFolder() })
  expect(await run.ended).toBe(1)
  for (const name of ['JWT_SECRET', 'DATABASE_URL', 'REDIS_URL']) expect(run.stderr()).toContain(`${name} is missing`)
  expect(run.stdout()).not.toContain('curl')
})
