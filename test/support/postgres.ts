import { randomBytes } from 'node:crypto'
import { Client } from 'pg'
import { inject } from 'vitest'

export interface TestDatabase {
  readonly url: string
  drop(): Promise<void>
}

/** A database of its own for one test, with every migration applied: a clone of the run's template. */
export function createTestDatabase(): Promise<TestDatabase> {
  return cloneOf('helix')
}

/** The same, without any table. */
export function createEmptyDatabase(): Promise<TestDatabase> {
  return cloneOf('template1')
}

async function cloneOf(template: string): Promise<TestDatabase> {
  const answer = await fetch(inject('postgresAddress'))
  const text = await answer.text()
  if (!answer.ok) throw new Error(`The run's PostgreSQL did not start: ${text}`)
  const name = `test_${randomBytes(6).toString('hex')}`
  await administrate(text, `CREATE DATABASE ${name} TEMPLATE ${template} STRATEGY file_copy`)
  const url = new URL(text)
  url.pathname = `/${name}`
  return { url: url.href, drop: () => administrate(text, `DROP DATABASE IF EXISTS ${name} WITH (FORCE)`) }
}

async function administrate(server: string, statement: string): Promise<void> {
  const url = new URL(server)
  url.pathname = '/postgres'
  const client = new Client({ connectionString: url.href })
  await client.connect()
  try {
    await client.query(statement)
  } finally {
    await client.end()
  }
}
