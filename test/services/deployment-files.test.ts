import { execFile } from 'node:child_process'
import { globSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { createRailwayContext, type ProjectDefinition, project, type RailwayProgram, type ServiceNode } from 'railway/iac'
import { expect, test } from 'vitest'
import { z } from 'zod'
import { serviceNames } from './service-process.ts'

const root = new URL('../../', import.meta.url)
const read = (path: string) => readFileSync(new URL(path, root), 'utf8')

async function definition(): Promise<ProjectDefinition> {
  const file = new URL('.railway/railway.ts', root).href
  const { default: program }: { default: RailwayProgram } = await import(/* @vite-ignore */ file)
  return await program(createRailwayContext({}), project)
}

async function services(): Promise<ReadonlyMap<string, ServiceNode>> {
  const { resources = [] } = await definition()
  return new Map(resources.flat().flatMap((node) => (node.type === 'service' ? [[node.name, node] as const] : [])))
}

test('.railway/railway.ts type-checks against the package railway', async () => {
  const compiler = fileURLToPath(new URL('node_modules/typescript/bin/tsc', root))
  await promisify(execFile)(process.execPath, [compiler, '-p', '.railway'], { cwd: root })
}, 60_000)

test('.railway/railway.ts describes the bot, the four services and their stores', async () => {
  const { name, resources = [] } = await definition()
  expect([name, resources.flat().map((node) => node.name)]).toEqual(['helix', ['postgres', 'redis', ...(await services()).keys()]])
  expect([...(await services()).keys()].sort()).toEqual([...serviceNames, 'bot'].sort())
})

test("the bot's tokens are the bot's alone", async () => {
  const holders = [...(await services()).values()].filter(({ variables = {} }) =>
    Object.keys(variables).some((name) => /^(DISCORD_.+|RAILWAY_(API_)?TOKEN|HELIX_SECRET_KEY|HELIX_ROLES)$/.test(name)),
  )
  expect(holders.map(({ name }) => name)).toEqual(['bot'])
})

const settings = z.object({
  build: z.object({ builder: z.string(), dockerfilePath: z.string(), watchPatterns: z.array(z.string()) }),
  deploy: z.object({ startCommand: z.string(), healthcheckPath: z.string() }).loose(),
})

test.each([['bot', 'railway.json'], ...serviceNames.map((name) => [name, `services/${name}/railway.json`])])(
  '%s: railway.json says what .railway/railway.ts says',
  async (name, path) => {
    const { build, deploy } = settings.parse(JSON.parse(read(path)))
    expect((await services()).get(name)).toMatchObject({ build, deploy })
    const file = deploy.startCommand.replace('node ', '')
    expect(globSync(file, { cwd: fileURLToPath(root) })).toEqual([file])
  },
)

test('the Dockerfile has a target for each, and every file it copies is let through by .dockerignore', () => {
  const lines = read('Dockerfile').split('\n')
  const targets = lines.flatMap((line) => line.match(/^FROM base AS (\S+)/)?.[1] ?? [])
  expect([...targets].sort()).toEqual([...serviceNames, 'bot'].sort())
  expect(targets.at(-1)).toBe('bot')
  const copied = lines.flatMap((line) => (/^COPY (?!--from)/.test(line) ? line.split(' ').slice(1, -1) : []))
  const allowed = read('.dockerignore')
    .split('\n')
    .flatMap((line) => line.match(/^!(.+)/)?.[1] ?? [])
  expect(copied.filter((path) => !allowed.includes(path.split('/')[0]!))).toEqual([])
})

test('a process in an image has no more room for garbage than 48 MB, however large its machine is', async () => {
  const [, NODE_OPTIONS = ''] = /^ENV .*NODE_OPTIONS=(\S+)/m.exec(read('Dockerfile')) ?? []
  const young = `require('node:v8').getHeapSpaceStatistics().find(({ space_name }) => space_name === 'new_space').space_size`
  const littering = `let kept = []; for (let n = 0; n < 5e6; n += 1) { kept.push({ n }); if (kept.length > 3e5) kept = [] }`
  const { stdout } = await promisify(execFile)(process.execPath, ['--eval', `${littering}; console.log(${young})`], {
    env: { NODE_OPTIONS },
  })
  expect(Number(stdout)).toBeLessThanOrEqual(48 * 1_048_576)
})
