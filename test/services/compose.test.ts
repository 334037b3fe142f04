import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { parse } from 'yaml'
import { z } from 'zod'
import { serviceBaseVariables as baseVariables } from '#src/config/service-base-variables.ts'
import { serviceVariables } from '#src/config/service-variables.ts'
import { serviceNames } from './service-process.ts'

const root = new URL('../../', import.meta.url)
const read = (path: string) => readFileSync(new URL(path, root), 'utf8')

/** https://github.com/compose-spec/compose-spec/blob/main/05-services.md, as far as our file goes. */
const service = z.looseObject({
  build: z.strictObject({ context: z.literal('.'), target: z.string() }).optional(),
  image: z.string().optional(),
  environment: z.record(z.string(), z.string()).optional(),
  ports: z.array(z.string().regex(/^127\.0\.0\.1:\d+:8080$/)).optional(),
  profiles: z.array(z.string()).optional(),
})
const { services } = z
  .object({ services: z.record(z.string(), service), volumes: z.record(z.string(), z.unknown()) })
  .loose()
  .parse(parse(read('compose.yaml'), { merge: true }))

/** Compose's own `${NAME}`, `${NAME:-default}`, `${NAME:?why}`. */
const interpolated = (value: string, given: Readonly<Record<string, string>>) =>
  value.replaceAll(/\$\{(\w+)(?::-([^}]*))?(?::\?[^}]*)?\}/g, (_, name: string, fallback = '') => given[name] ?? fallback)

const dotenv = {
  POSTGRES_PASSWORD: 'letters4',
  JWT_SECRET: 'a secret of thirty-two characters, at least',
  SERVICE_MESH_SECRET: 'another secret of thirty-two characters',
  ZAPIER_SECRET: 'and one more secret of thirty-two characters',
}

test('the compose file runs the four services, the stores, and the bot where it is asked for', () => {
  expect(Object.keys(services).sort()).toEqual([...serviceNames, 'bot', 'postgres', 'redis'].sort())
  expect(Object.keys(services).filter((name) => services[name]?.profiles)).toEqual(['bot'])
})

test.each([...serviceNames])('%s: built from its own target, with every variable that it needs and no token of the bot', (name) => {
  const { build, environment = {} } = services[name]!
  expect(build?.target).toBe(name)
  expect(read('Dockerfile')).toContain(`FROM base AS ${name}\n`)
  const given = Object.fromEntries(
    Object.entries(environment)
      .map(([key, value]) => [key, interpolated(value, dotenv)])
      .filter(([, value]) => value !== ''),
  )
  expect(() => z.object({ ...baseVariables, ...serviceVariables[name] }).parse(given)).not.toThrow()
  expect(Object.keys(given).filter((key) => /^(DISCORD_|RAILWAY_|HELIX_SECRET_KEY)/.test(key))).toEqual([])
})
