import type { RouteOptions } from 'fastify'
import type { z } from 'zod'
import { type JsonSchema, jsonSchemaOf } from './json-schema.ts'
import { refusalSchemas, refusals } from './refusals.ts'

export interface ApiDescription {
  readonly name: string
  readonly version: string
  readonly description: string
}

export type DocumentedRoute = Pick<RouteOptions, 'method' | 'url' | 'schema' | 'config'>

type Json = Readonly<Record<string, unknown>>

const WITH_BODY = ['POST', 'PUT', 'PATCH', 'DELETE']
const SHARED_TAGS = ['system', 'health', 'info', 'metrics']

/** What a service answers, in OpenAPI 3.1, made of the routes' own zod schemas. https://spec.openapis.org/oas/v3.1.1 */
export function apiDocument({ name, version, description }: ApiDescription, routes: readonly DocumentedRoute[]): Json {
  const paths: Record<string, Record<string, Json>> = {}
  for (const route of routes) {
    const path = route.url.replaceAll(/:(\w+)/g, '{$1}')
    for (const method of [route.method].flat()) {
      paths[path] = { ...paths[path], [method.toLowerCase()]: operation(route, path, method) }
    }
  }
  return {
    openapi: '3.1.0',
    info: { title: name, version, description },
    servers: [{ url: '/' }],
    security: [{ bearer: [] }],
    tags: tagsInOrder(routes),
    paths,
    components: {
      securitySchemes: {
        bearer: { type: 'http', scheme: 'bearer', bearerFormat: 'JWT', description: 'HS256, with `sub`, and a role in `role` or `roles`.' },
      },
      schemas: refusalSchemas(),
    },
  }
}

function operation({ url, schema = {}, config = {} }: DocumentedRoute, path: string, method: string): Json {
  const { summary, description, params, querystring, headers, body, consumes = ['application/json'], response } = schema
  const read = [...parametersOf(params, 'path'), ...parametersOf(querystring, 'query'), ...parametersOf(headers, 'header')]
  const parameters = [...unreadPathParts(read, path), ...read]
  const more = [description, config.role && `Needs the role ${config.role}.`, config.upgrades && 'A WebSocket.'].filter(Boolean).join(' ')
  return {
    operationId: `${method.toLowerCase()}${path.replaceAll(/[^A-Za-z0-9]+/g, '-').replace(/-$/, '')}`,
    tags: [tagOf(url)],
    ...(summary && { summary }),
    ...(more && { description: more }),
    ...(config.open && { security: [] }),
    ...(parameters.length > 0 && { parameters }),
    ...(body !== undefined || schema.consumes
      ? { requestBody: { required: true, content: Object.fromEntries(consumes.map((type) => [type, { schema: bodySchema(body) }])) } }
      : {}),
    responses: {
      ...refusals({
        guarded: !config.open,
        reads: body !== undefined || read.length > 0,
        namesInPath: path.includes('{'),
        takesBody: WITH_BODY.includes(method),
        limited: config.ratePerMinute !== false,
        own: config.refuses ?? [],
      }),
      // Last: a route may say more of a refusal of its own.
      ...answers(response, config.upgrades),
    },
  }
}

/** `/api/agents/:id` is about agents, `/health/live` about health, `/api/v1/system/…` about the system. */
function tagOf(url: string): string {
  const [first = ''] = url.split('/').filter((part) => !/^(|api|v\d+|:.*)$/.test(part))
  return first
}

/** What the service is for comes first, what all of them have comes last. */
function tagsInOrder(routes: readonly DocumentedRoute[]): readonly Json[] {
  const all = [...new Set(routes.map(({ url }) => tagOf(url)))]
  const isShared = (tag: string) => SHARED_TAGS.includes(tag)
  return [...all.filter((tag) => !isShared(tag)), ...all.filter(isShared)].map((name) => ({ name }))
}

function parametersOf(schema: unknown, place: 'path' | 'query' | 'header'): Json[] {
  if (schema === undefined) return []
  const { properties = {}, required = [] } = jsonSchemaOf(schema, 'input')
  return Object.entries(properties).map(([name, { description, ...rest }]) => ({
    name,
    in: place,
    required: place === 'path' || required.includes(name),
    ...(description !== undefined && { description }),
    schema: rest,
  }))
}

/** A path's part that no schema speaks of is any text. */
function unreadPathParts(read: readonly Json[], path: string): Json[] {
  const known = new Set(read.map(({ name }) => name))
  return [...path.matchAll(/\{(\w+)\}/g)].flatMap(([, name]) =>
    known.has(name) ? [] : [{ name, in: 'path', required: true, schema: { type: 'string' } }],
  )
}

/** An upload has no schema of zod's: it is read as a stream. */
function bodySchema(body: unknown): JsonSchema {
  if (body !== undefined) return jsonSchemaOf(body, 'input')
  return { type: 'object', properties: { file: { type: 'string', format: 'binary' } }, required: ['file'] }
}

function answers(response: unknown, upgrades = false): Json {
  if (upgrades) return { 101: { description: 'Switching Protocols' } }
  if (typeof response !== 'object' || response === null) return { 200: { description: 'OK' } }
  return Object.fromEntries(
    Object.entries(response as Readonly<Record<string, z.ZodType>>).map(([status, schema]) => [
      status,
      { description: schema.description ?? 'OK', content: { 'application/json': { schema: jsonSchemaOf(schema, 'output') } } },
    ]),
  )
}
