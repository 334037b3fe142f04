import { readFileSync } from 'node:fs'
import { buildSchema, validate } from 'graphql'
import { expect, test } from 'vitest'
import { environmentQuery } from '#src/adapters/railway/documents/environment.ts'
import { serviceHttpQuery } from '#src/adapters/railway/documents/service-http.ts'
import { forEach } from '#src/adapters/railway/for-each.ts'

test('the document of many services is one that Railway’s schema takes', () => {
  const schema = buildSchema(readFileSync('playground/railway/schema.graphql', 'utf8'))
  for (const count of [0, 1, 250]) expect(validate(schema, forEach(environmentQuery, serviceHttpQuery, 'serviceId', count))).toEqual([])
})
