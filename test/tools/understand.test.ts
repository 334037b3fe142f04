import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFile } from 'node:fs/promises'
import { createInterface } from 'node:readline'
import { text } from 'node:stream/consumers'
import { fileURLToPath } from 'node:url'
import { describe, expect, test } from 'vitest'
import { book } from '#test/understanding/understood.ts'
import { withCommands } from '../../tools/voice-commands-page.ts'

const root = fileURLToPath(new URL('../../', import.meta.url))
const start = (...given: readonly string[]) => spawn(process.execPath, ['tools/understand.ts', ...given], { cwd: root })

async function said(...given: readonly string[]): Promise<string> {
  const tool = start(...given)
  tool.stdin.end()
  return text(tool.stdout)
}

describe('npm run understand', () => {
  test('prints a sentence’s meaning as one line of JSON with five keys', async () => {
    const line = await said('Helix, scale the voice process or to three replicas in prod')
    expect(line).toMatch(/^[^\n]+\n$/)
    expect(Object.keys(JSON.parse(line))).toEqual(['addressed', 'command', 'args', 'confidence', 'alternatives'])
    expect(JSON.parse(line)).toMatchObject({
      addressed: true,
      command: 'scale',
      args: { service: 'voice-processor', replicas: 3, environment: 'production' },
    })
  })
  test('what is not said to Helix is not addressed', async () =>
    expect(JSON.parse(await said('restart', 'zapier'))).toEqual({
      addressed: false,
      command: null,
      args: {},
      confidence: 0,
      alternatives: [],
    }))
  test('other names can be given', async () =>
    expect(JSON.parse(await said('--services', 'billing-api,mail', '--wake', 'manus', 'manus restart billing'))).toMatchObject({
      command: 'restart',
      args: { service: 'billing-api' },
    }))
  test('nothing said is a usage error', async () => {
    const tool = start()
    const [code] = await once(tool, 'exit')
    expect(code).toBe(2)
  })
})

describe('npm run understand -- --stdin', () => {
  test('answers each line as it comes, as one conversation', async () => {
    const tool = start('--stdin')
    const lines = createInterface({ input: tool.stdout })[Symbol.asyncIterator]()
    const ask = async (line: string) => {
      tool.stdin.write(`${line}\n`)
      return JSON.parse((await lines.next()).value!)
    }
    expect(await ask('helix restart the websocket service in production')).toMatchObject({
      command: 'restart',
      args: { environment: 'production' },
    })
    expect(await ask('no, staging')).toMatchObject({ args: { service: 'websocket-streaming', environment: 'staging' } })
    expect(await ask('helix scale it to four')).toMatchObject({ args: { service: 'websocket-streaming', replicas: 4 } })
    tool.stdin.end()
    expect((await lines.next()).done).toBe(true)
  })
  test('has a line for every line: empty, binary, endless, without an end, many at once', async () => {
    const tool = start('--stdin')
    const out = text(tool.stdout)
    const odd = [
      '',
      '\r',
      'helix status\r',
      'x'.repeat(3_000_000),
      `helix ${'restart zapier '.repeat(100_000)}`,
      ...new Array(2_000).fill('helix status'),
    ]
    tool.stdin.write(Buffer.from([0xff, 0xfe, 0, 0xc3, 0x0a]))
    tool.stdin.end(odd.join('\n'))
    const lines = (await out).trimEnd().split('\n')
    expect(lines).toHaveLength(1 + odd.length)
    expect(lines.map((line) => JSON.parse(line).command).filter((command) => command === 'status')).toHaveLength(2_001)
  })
})

test('docs/voice-commands.md lists what commands/ declares (node tools/voice-commands-page.ts writes it)', async () => {
  const page = await readFile(new URL('../../docs/voice-commands.md', import.meta.url), 'utf8')
  expect(withCommands(page, book)).toBe(page)
})
