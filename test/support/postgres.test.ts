import { Client } from 'pg'
import { expect, test } from 'vitest'
import { createTestDatabase } from './postgres.ts'

test('each test gets a database of its own, and nothing is left when it is dropped', async () => {
  const [one, two] = await Promise.all([createTestDatabase(), createTestDatabase()])
  const client = new Client({ connectionString: one.url })
  await client.connect()
  await client.query('CREATE TABLE mine (id int)')
  const other = new Client({ connectionString: two.url })
  await other.connect()
  await expect(other.query('SELECT * FROM mine')).rejects.toThrow('does not exist')
  await Promise.all([client.end(), other.end()])
  await Promise.all([one.drop(), two.drop()])
  await expect(new Client({ connectionString: one.url }).connect()).rejects.toThrow('does not exist')
})
