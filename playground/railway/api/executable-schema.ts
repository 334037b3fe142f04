import { readFileSync } from 'node:fs'
import { buildSchema, type GraphQLScalarType, type GraphQLSchema, isObjectType } from 'graphql'
import type { Asking, Resolvers, Subscribers } from './api.ts'
import { refusal } from './graphql-errors.ts'

/** schema.graphql with resolvers on its fields. Throws where one is for a field that is not there. */
export function executableSchema(resolvers: readonly Resolvers[], subscribers: readonly Subscribers[]): GraphQLSchema {
  const schema = buildSchema(readFileSync(new URL('../schema.graphql', import.meta.url), 'utf8'))
  for (const [typeName, fields] of resolvers.flatMap((one) => Object.entries(one))) {
    for (const [name, resolve] of Object.entries(fields)) fieldOf(schema, typeName, name).resolve = resolve as never
  }
  for (const [name, subscribe] of subscribers.flatMap((one) => Object.entries(one))) {
    const field = fieldOf(schema, 'Subscription', name)
    field.subscribe = (_source, args, asking: Asking) => subscribe(args as never, asking)
    field.resolve = (value) => value
  }
  describeDateTime(schema.getType('DateTime') as GraphQLScalarType)
  return schema
}

function fieldOf(schema: GraphQLSchema, typeName: string, name: string) {
  const type = schema.getType(typeName)
  const field = isObjectType(type) ? type.getFields()[name] : undefined
  if (!field) throw new Error(`schema.graphql has no ${typeName}.${name}`)
  return field
}

/** RFC 3339 both ways; what is no date is refused. */
function describeDateTime(scalar: GraphQLScalarType): void {
  scalar.serialize = (value) => (value instanceof Date ? value.toISOString() : value)
  scalar.parseValue = (value) => {
    if (typeof value !== 'string' || Number.isNaN(Date.parse(value))) {
      throw refusal(`DateTime cannot represent an invalid date-time-string ${JSON.stringify(value)}.`, 'BAD_USER_INPUT')
    }
    return new Date(value)
  }
  scalar.parseLiteral = (node) => scalar.parseValue('value' in node ? node.value : undefined)
}
