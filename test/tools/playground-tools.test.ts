import { execFile } from 'node:child_process'
import { chmod, mkdtemp, readFile, rm, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Client } from 'pg'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { freePort } from '#src/launch/free-port.ts'
import { type RunningPlayground, startPlayground } from '#test/support/playground.ts'

/** The tools and /doctor as a stranger uses them: beside the playground that `npm start` opens, all four services running for real. */
let folder: string
let playground: RunningPlayground

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'helix-tools-'))
  await chmod(folder, 0o755)
  playground = await startPlayground({ data: folder })
}, 90_000)
afterAll(async () => {
  await playground?.stop()
  await rm(folder, { recursive: true, force: true })
})

function run(tool: string, args: readonly string[] = [], env: Record<string, string> = {}): Promise<{ code: number; output: string }> {
  const { DISCORD_BOT_TOKEN: _, DATABASE_URL: __, REDIS_URL: ___, ...inherited } = process.env
  return new Promise((resolve) =>
    execFile(
      process.execPath,
      [`tools/${tool}.ts`, ...args],
      { env: { ...inherited, HELIX_DATA: folder, ...env } },
      (error, stdout, stderr) => resolve({ code: typeof error?.code === 'number' ? error.code : 0, output: stdout + stderr }),
    ),
  )
}

const variablesFile = () => join(folder, 'playground', 'bot-variables.json')

test('npm run doctor finds the playground in order, with every probe made for real, and shows no secret', async () => {
  const { code, output } = await run('doctor')
  expect(output).toContain('The playground that runs on this machine.')
  expect(output).not.toMatch(/^ +[✗!] /m)
  expect(code).toBe(0)
  expect(output).toMatch(/✓ websocket-streaming .*took the\s+token, and gave back what it was sent/)
  expect(output).toMatch(/✓ agent-orchestrator .*It knows 1 agent \(/)
  expect(output).toMatch(/✓ zapier-integration .*Its webhooks are operational/)
  expect(output).toMatch(/✓ Migrations +The database is in the shape/)
  expect(output).toMatch(/agent-orchestrator +✓ +✓ +–/)
  for (const [name, value] of Object.entries(JSON.parse(await readFile(variablesFile(), 'utf8')) as Record<string, string>)) {
    if (/SECRET|TOKEN|DATABASE_URL|KEY/.test(name)) expect(output).not.toContain(value)
  }
  expect((await stat(variablesFile())).mode & 0o077).toBe(0)
}, 60_000)

test('npm run doctor without anything to look at says so, and how to begin', async () => {
  const { code, output } = await run('doctor', [], { HELIX_DATA: join(folder, 'elsewhere') })
  expect(code).toBe(2)
  expect(output).toContain('no playground runs here')
  expect(output).toContain('✗ DISCORD_BOT_TOKEN')
  expect(output).toContain('npm start provides it')
}, 60_000)

test.each(['local', 'staging', 'production'])(
  'npm run check-services %s: all four are well',
  async (where) => {
    const { code, output } = await run('check-services', [where])
    expect(output).toContain('All that could be asked are well.')
    expect(code).toBe(0)
    expect(output.match(/^✓ .* healthy +yes +\d+ ms/gm)).toHaveLength(4)
  },
  60_000,
)

test('npm run check-services without a secret looks at what is open, and says so; with JWT_SECRET it asks as a user', async () => {
  const kept = JSON.parse(await readFile(variablesFile(), 'utf8')) as Record<string, string>
  const urls = Object.fromEntries(
    Object.entries(kept).filter(([name]) => name.endsWith('_SERVICE_URL') || /^(AGENT|VOICE)_.*_URL$/.test(name)),
  )
  const elsewhere = { ...urls, HELIX_DATA: join(folder, 'elsewhere') }
  const open = await run('check-services', ['local'], elsewhere)
  expect(open.output).toContain('only what is open is looked at')
  expect(open.code).toBe(0)
  const asUser = await run('check-services', ['local'], { ...elsewhere, JWT_SECRET: kept.JWT_SECRET! })
  expect(asUser.output).toContain('Asked as a user (JWT_SECRET).')
  expect(asUser.output).toContain('It knows 1 agent.')
  expect(asUser.code).toBe(0)
  const wrong = await run('check-services', ['local'], { ...elsewhere, JWT_SECRET: 'another secret of more than thirty-two characters' })
  expect(wrong.output).toContain('refused the token (401)')
  expect(wrong.code).toBe(1)
}, 60_000)

test('npm run check-services that cannot look says why', async () => {
  const nothing = { HELIX_DATA: join(folder, 'elsewhere'), RAILWAY_API_TOKEN: '', RAILWAY_TOKEN: '' }
  expect(await run('check-services', ['production'], nothing)).toMatchObject({ code: 2, output: expect.stringContaining('RAILWAY_TOKEN') })
  expect(await run('check-services', ['moon'])).toMatchObject({ code: 2, output: expect.stringContaining('local|staging|production') })
  const address = `http://127.0.0.1:${await freePort()}`
  const gone = Object.fromEntries(['WEBSOCKET', 'ZAPIER'].map((name) => [`${name}_SERVICE_URL`, address]))
  const refused = await run('check-services', ['local'], gone)
  expect(refused).toMatchObject({ code: 1, output: expect.stringContaining('connection refused') })
  expect(refused.output).toContain('Not well: websocket-streaming, zapier-integration.')
  expect(refused.output).toContain('of the playground that runs here')
  const own = { ...gone, AGENT_ORCHESTRATOR_URL: address, VOICE_PROCESSOR_URL: address }
  expect((await run('check-services', ['local'], own)).output).not.toContain('of the playground that runs here')
}, 60_000)

test('/doctor and /health show what was probed, and each command is a row of discord_interactions', async () => {
  const operator = await playground.user('operator')
  const health = await vi.waitFor(
    async () => {
      const message = await operator.slash('health')
      expect(message.text).toContain('Probes')
      return message
    },
    { timeout: 30_000, interval: 500 },
  )
  expect(health.text).toContain('4 services, all well')
  const doctor = await operator.slash('doctor')
  expect(doctor.text).toMatch(/^Nothing to mend: \d+ in order/)
  expect(doctor.text).toContain('agent-orchestrator')
  const viewer = await playground.user('viewer')
  expect((await viewer.slash('doctor')).text).toContain('needs the Helix role operator')
  const kept = JSON.parse(await readFile(variablesFile(), 'utf8')) as Record<string, string>
  const client = new Client({ connectionString: kept.DATABASE_URL! })
  await client.connect()
  try {
    await vi.waitFor(async () => {
      const { rows } = await client.query(
        'SELECT command, user_id, outcome, door, latency_ms FROM discord_interactions WHERE command = $1 ORDER BY at',
        ['doctor'],
      )
      expect(rows).toMatchObject([
        { user_id: operator.id, outcome: 'answered', door: 'slash' },
        { user_id: viewer.id, outcome: 'denied', door: 'slash' },
      ])
    })
  } finally {
    await client.end()
  }
}, 60_000)

test('npm run say speaks to Helix in the voice channel, and prints what was heard, understood and done', async () => {
  const { code, output } = await run('say', ['--as', 'operator', 'helix, what is the status'])
  expect(output).toMatch(/^Said in Bridge as playground-operator: "helix, what is the status" \(\d\.\d s\)\.$/m)
  expect(output).toMatch(/^Heard: "helix, what is the status" \(by its audio/m)
  expect(output).toMatch(/^Helix: Understood: \/status$/m)
  expect(output).toMatch(/^Helix, aloud: production is well/m)
  expect(code).toBe(0)
}, 60_000)

test('npm run say refuses in a sentence what it cannot say', async () => {
  expect(await run('say')).toMatchObject({ code: 2, output: expect.stringContaining('Give words, or a file') })
  expect(await run('say', ['--as', 'nobody', 'hello'])).toMatchObject({ code: 2, output: expect.stringContaining('playground-viewer') })
  expect(await run('say', ['--wav', '/no/such/file'])).toMatchObject({ code: 2, output: 'There is no file /no/such/file.\n' })
  const elsewhere = { HELIX_DATA: join(folder, 'elsewhere'), PLAYGROUND_PORT: `${await freePort()}` }
  expect(await run('say', ['hello'], elsewhere)).toMatchObject({ code: 2, output: expect.stringContaining('Start it with npm start') })
}, 60_000)
