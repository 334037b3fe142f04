import { once } from 'node:events'
import { chmod, mkdtemp, rm } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { TestProject } from 'vitest/node'
import { startPostgres } from '#src/launch/postgres.ts'
import { migrate } from './migrate.ts'

declare module 'vitest' {
  interface ProvidedContext {
    /** Answers `GET /` with the server's URL; the first question starts PostgreSQL and makes the template that tests clone. */
    postgresAddress: string
  }
}

/** One PostgreSQL for the whole run, started when the first test asks for it: most test files never do. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  let asked: ReturnType<typeof startTemplate> | undefined
  const desk = createServer((_request, response) => {
    asked ??= startTemplate()
    asked.then(
      ({ server }) => response.end(server.url),
      (error: Error) => response.writeHead(500).end(error.stack),
    )
  }).listen(0, '127.0.0.1')
  await once(desk, 'listening')
  project.provide('postgresAddress', `http://127.0.0.1:${(desk.address() as AddressInfo).port}/`)
  return async () => {
    desk.close()
    desk.closeAllConnections()
    const started = await asked?.catch(() => undefined) // Told to the tests that asked.
    await started?.server.stop()
    if (started) await rm(started.folder, { recursive: true, force: true })
  }
}

async function startTemplate() {
  const folder = await mkdtemp(join(tmpdir(), 'helix-test-'))
  await chmod(folder, 0o755) // Where the tests run as root, PostgreSQL does not, and must get in.
  const server = await startPostgres({
    folder: join(folder, 'postgres'),
    settings: { fsync: 'off', full_page_writes: 'off', synchronous_commit: 'off', max_connections: '300' },
  })
  await migrate(server.url)
  return { folder, server }
}
