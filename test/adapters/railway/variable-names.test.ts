import { afterEach, expect, test } from 'vitest'
import { connect } from './connect.ts'
import { graphqlServer } from './graphql-server.ts'

let server: Awaited<ReturnType<typeof graphqlServer>>
afterEach(() => server.close())

const node = (name: string, serviceId: string | null, references: readonly string[] = []) => ({
  cursor: name,
  node: { id: name, name, serviceId, environmentId: 'e', isSealed: name === 'SEALED', references, createdAt: '', updatedAt: '' },
})

test('names and what they refer to come in one request, over services and shared ones', async () => {
  const edges = [
    node('DATABASE_URL', 's1', ['Postgres.DATABASE_URL']),
    node('JWT_SECRET', 's1', [`\${{ shared.JWT_SECRET }}`]),
    node('ORIGIN', 's1', ['PORT']),
    node('JWT_SECRET', null),
    node('SEALED', 's2'),
  ]
  server = await graphqlServer({ environment: () => ({ variables: { edges, pageInfo: { hasNextPage: false, hasPreviousPage: false } } }) })
  await expect(connect(server.url).variableNames('p', 'e')).resolves.toEqual([
    { name: 'DATABASE_URL', serviceId: 's1', sealed: false, refersTo: [{ owner: 'Postgres', name: 'DATABASE_URL' }] },
    { name: 'JWT_SECRET', serviceId: 's1', sealed: false, refersTo: [{ owner: 'shared', name: 'JWT_SECRET' }] },
    { name: 'ORIGIN', serviceId: 's1', sealed: false, refersTo: [{ owner: undefined, name: 'PORT' }] },
    { name: 'JWT_SECRET', serviceId: undefined, sealed: false, refersTo: [] },
    { name: 'SEALED', serviceId: 's2', sealed: true, refersTo: [] },
  ])
  expect(server.seen).toHaveLength(1)
})

test('further pages are read, and a server that pages without end is not followed for ever', async () => {
  let page = 0
  const pageInfo = () => ({ hasNextPage: true, hasPreviousPage: false, endCursor: String(page) })
  server = await graphqlServer({
    environment: () => {
      page += 1
      return { variables: { edges: [node(`V${page}`, null)], pageInfo: pageInfo() } }
    },
  })
  await expect(connect(server.url).variableNames('p', 'e')).resolves.toHaveLength(40)
  expect(server.seen[1]?.variables).toMatchObject({ after: '1' })
})
