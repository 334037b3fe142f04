import { globSync, readFileSync } from 'node:fs'
import { stripTypeScriptTypes } from 'node:module'
import { posix } from 'node:path'
import { describe, expect, test } from 'vitest'

/** Folders that a file may import values from, besides its own. `import type` is free. Domain folders are listed in the order of DOMAIN. */
const KERNEL = ['src/kernel', 'src/config']
/** One way: each may import those before it. */
const DOMAIN = [
  'secrets',
  'tokens',
  'tracing',
  'streams',
  'mesh',
  'speech',
  'understanding',
  'agents',
  'zapier',
  'components',
  'places',
  'permissions',
  'audit',
  'claims',
  'interactions',
  'references',
  'delivery',
  'environments',
  'health',
  'metrics',
  'logs',
  'operations',
  'probes',
  'signals',
  'consciousness',
  'gates',
  'incidents',
  'echoes',
  'webhooks',
  'alerts',
  'automation',
  'policies',
  'healing',
  'scaling',
  'doctor',
  'voice',
  'guards',
].map((name) => `src/${name}`)

const MAY_IMPORT: Readonly<Record<string, readonly string[]>> = {
  'src/kernel': [],
  'src/config': ['src/kernel'],
  'src/adapters/*': ['src/kernel'],
  // What Ogg, WAV and Opus are is nobody's adapter: both sides of the wire to a recogniser read and write them.
  'src/adapters/speech': ['src/kernel', 'src/speech'],
  'src/adapters/voice': ['src/kernel', 'src/speech'],
  ...Object.fromEntries(DOMAIN.map((folder, index) => [folder, ['src/kernel', ...DOMAIN.slice(0, index)]])),
  'src/doors': ['src/kernel', ...DOMAIN],
  'src/service': [...KERNEL, 'src/adapters/*', 'src/tokens', 'src/tracing', 'src/mesh', 'src/streams'],
  'src/launch': KERNEL,
  'src/setup': KERNEL,
  commands: ['src/kernel'],
  events: ['src/kernel'],
  'services/*': ['src/*', 'src/adapters/*'],
  playground: [...KERNEL, 'playground/*'],
  'playground/*': [...KERNEL, 'playground/'],
  'playground/speech': [...KERNEL, 'playground/', 'src/speech'],
  'playground/discord': [...KERNEL, 'playground/', 'src/speech'],
  'src/': ['src/*', 'src/adapters/*'],
  '.': ['src/*', 'src/adapters/*', 'src/'],
  tools: ['src/*', 'src/adapters/*', 'src/', 'playground/*'],
}

/** Folders whose files never import each other: each file is one thing. */
const ISOLATED = new Set(['commands', 'events'])

/** Packages with exactly one home. */
const ONLY_IN: Readonly<Record<string, readonly string[]>> = {
  'discord.js': ['src/adapters/discord'],
  '@discordjs/voice': ['src/adapters/voice'],
  'prism-media': ['src/adapters/voice'],
  pg: ['src/adapters/store', 'src/launch'],
  // The playground's publishers are foreign ones: they share nothing with ours.
  ioredis: ['src/adapters/redis', 'src/launch', 'playground/publishers'],
  'graphql-request': ['src/adapters/railway'],
  echarts: ['src/adapters/charts'],
  '@google-cloud/speech': ['src/adapters/speech'],
  '@google-cloud/text-to-speech': ['src/adapters/speech'],
  jose: ['src/tokens'],
  cockatiel: ['src/mesh'],
}

const files = globSync(['*.ts', '{src,commands,events,services,playground,tools}/**/*.ts'])
  .filter((file) => file !== 'vitest.config.ts')
  .sort()

describe('imports run one way', () => {
  test('the walk found the code', () => expect(files.length).toBeGreaterThan(100))

  test.each(files)('%s imports only what its folder may', (file) => {
    expect(offendersOf(file, readFileSync(file, 'utf8'))).toEqual([])
  })
})

describe('the gate itself refuses', () => {
  test.each([
    ['services/voice-processor/app.ts', `import { x } from '#services/zapier-integration/app.ts'`],
    ['src/kernel/call.ts', `import { x } from '#src/health/health.ts'`],
    ['src/health/judge.ts', `import { x } from '#src/adapters/railway/client.ts'`],
    ['src/adapters/discord/client.ts', `import { x } from '#src/adapters/railway/client.ts'`],
    ['src/delivery/outbox.ts', `import { x } from '#src/operations/worker.ts'`],
    ['commands/deploy.ts', `import { x } from './scale.ts'`],
    ['commands/deploy.ts', `import { x } from '#src/operations/worker.ts'`],
    ['src/bot.ts', `import { x } from '#playground/main.ts'`],
    ['src/operations/worker.ts', `import { Client } from 'discord.js'`],
    ['src/delivery/outbox.ts', `import { Pool } from 'pg'`],
    ['playground/server.ts', `import { x } from '#src/operations/worker.ts'`],
  ])('%s with %s', (file, code) => expect(offendersOf(file, code)).toHaveLength(1))

  test('a folder without a rule', () => expect(() => offendersOf('src/newcomer/x.ts', '')).toThrow('no rule'))
  test('whatever the form of the import', () => {
    for (const form of [
      `import '#services/x/y.ts'`,
      `export { x } from '#services/x/y.ts'`,
      `export * from '#services/x/y.ts'`,
      `await import('#services/x/y.ts')`,
    ]) {
      expect(offendersOf('src/kernel/call.ts', form)).toHaveLength(1)
    }
    expect(offendersOf('src/kernel/call.ts', `export const colour = '#2b2d31'`)).toEqual([])
  })
  test('but not a type', () => expect(offendersOf('src/kernel/call.ts', `import type { X } from '#src/health/health.ts'`)).toEqual([]))
})

function offendersOf(file: string, source: string): readonly string[] {
  const zone = zoneOf(file)
  const rule = Object.keys(MAY_IMPORT).find((key) => key === zone) ?? Object.keys(MAY_IMPORT).find((key) => covers(key, zone))
  if (rule === undefined) throw new Error(`no rule for ${zone}`)
  return valueImports(source).filter((specifier) => {
    if (specifier.startsWith('node:')) return false
    if (!/^[.#]/.test(specifier)) return !(ONLY_IN[packageOf(specifier)]?.includes(zone) ?? true)
    const target = zoneOf(specifier.startsWith('#') ? specifier.slice(1) : posix.join(posix.dirname(file), specifier))
    if (target === zone) return ISOLATED.has(zone)
    return !MAY_IMPORT[rule]!.some((allowed) => covers(allowed, target))
  })
}

/** `src/bot.ts` → `src/`, `src/health/x.ts` → `src/health`, `src/adapters/x/y.ts` → `src/adapters/x`, `deploy-commands.ts` → `.` */
function zoneOf(path: string): string {
  const parts = path.split('/')
  const [top = '.', second] = parts
  if (parts.length === 1) return '.'
  if (['commands', 'events', 'tools'].includes(top)) return top
  if (parts.length === 2) return top === 'playground' ? 'playground/' : `${top}/`
  return second === 'adapters' ? parts.slice(0, 3).join('/') : `${top}/${second}`
}

/** `src/railway` is also matched by the rule `src/*`, `playground/` by `playground`. */
function covers(rule: string, zone: string): boolean {
  if (rule === zone || `${rule}/` === zone) return true
  if (!rule.endsWith('/*')) return false
  const folder = rule.slice(0, -1)
  return zone.startsWith(folder) && zone !== folder && !zone.slice(folder.length).includes('/')
}

function valueImports(source: string): readonly string[] {
  const code = stripTypeScriptTypes(source)
  const fixed = code.matchAll(/\b(?:import|export)\s+(?:[\w$*{}\s,]+?\s+from\s+)?['"]([^'"]+)['"]/g)
  const dynamic = code.matchAll(/\bimport\s*\(\s*['"]([^'"]+)['"]/g)
  return [...fixed, ...dynamic].map((match) => match[1]!)
}

function packageOf(specifier: string): string {
  return specifier
    .split('/')
    .slice(0, specifier.startsWith('@') ? 2 : 1)
    .join('/')
}
