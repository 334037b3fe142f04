import { once } from 'node:events'
import { connect } from 'node:net'
import { afterEach, expect, test } from 'vitest'
import { type RunningService, runFile, startService, stopService, until } from '#test/services/service-process.ts'
import { secrets } from '#test/support/service.ts'

let service: RunningService
afterEach(async () => {
  if (service.child.exitCode === null) await stopService(service, 'SIGKILL')
})

const start = async () => {
  service = await startService('slow', {}, 'test/service/slow-service.ts')
  return service
}

/** A connection, with the beginning of a request on it. */
async function begin(url: string, text: string) {
  const socket = connect(Number(new URL(url).port), '127.0.0.1')
  await once(socket, 'connect')
  let answer = ''
  socket.on('data', (chunk) => (answer += chunk))
  const closed = once(socket, 'close')
  socket.write(text)
  return { write: (rest: string) => socket.write(rest), answer: () => closed.then(() => answer) }
}

test.each(['SIGTERM', 'SIGINT'] as const)(
  '%s answers what came in, waits for nobody who has asked nothing, then exits 0',
  async (signal) => {
    const { child, stdout, ended, url } = await start()
    const half = await begin(url, 'GET /health/ready HTTP/1.1\r\nhost: x\r\n')
    const echo = await begin(url, 'POST /echo HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\ncontent-length: 16\r\n\r\n')
    await until(() => stdout().includes('receiving'))
    child.kill(signal)
    const refused = () =>
      fetch(`${url}/health`).then(
        () => false,
        () => true,
      )
    await until(refused)
    expect(await half.answer()).toBe('')
    echo.write('{"text":"hello"}')
    expect(await echo.answer()).toMatch(/^HTTP\/1.1 200 OK[\s\S]+\{"text":"hello"\}$/)
    expect(await ended).toBe(0)
    expect(stdout()).not.toContain('cut off')
  },
)

test('a port that is taken is one line that says what to do, and exit 1', async () => {
  await start()
  const second = runFile('test/service/slow-service.ts', [], { ...secrets, PORT: new URL(service.url).port })
  expect(await second.ended).toBe(1)
  expect(second.stdout()).toContain('cannot listen: set PORT to a free port')
})

test('what the base reads is checked before anything else: every problem at once, no value', async () => {
  const run = runFile('test/service/slow-service.ts', [], {
    JWT_SECRET: 'hunter2',
    SERVICE_MESH_SECRET: 'hunter2',
    JWT_DEFAULT_ROLE: 'hunter2',
    CORS_ORIGINS: 'https://app.example.com,hunter2/',
    RATE_LIMIT_PER_MINUTE: 'hunter2',
    OTEL_EXPORTER_OTLP_ENDPOINT: 'hunter2',
  })
  expect(await run.ended).toBe(1)
  for (const problem of [
    'JWT_SECRET must have at least 32 characters',
    'SERVICE_MESH_SECRET must have at least 32 characters',
    'SERVICE_MESH_SECRET must not be the same as JWT_SECRET',
    'JWT_DEFAULT_ROLE must be viewer, operator, deployer, admin',
    'CORS_ORIGINS must be origins such as https://app.example.com',
    'RATE_LIMIT_PER_MINUTE must be a whole number',
    'OTEL_EXPORTER_OTLP_ENDPOINT must be an http or https URL',
  ]) {
    expect(run.stderr()).toContain(problem)
  }
  expect(run.stdout() + run.stderr()).not.toContain('hunter2')
})

test('a bug outside of any request is logged without credentials and ends the process with 1', async () => {
  const { url, ended, stdout, stderr } = await start()
  await fetch(`${url}/bug`)
  expect(await ended).toBe(1)
  expect(stdout()).toContain('stopped by a bug')
  expect(stdout()).toContain('postgresql://[redacted]@127.0.0.1/helix')
  expect(stdout() + stderr()).not.toContain('hunter2')
})
