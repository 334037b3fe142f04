import { Ajv2020 } from 'ajv/dist/2020.js'
import formats from 'ajv-formats'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { z } from 'zod'
import { createServiceApp, type ServiceApp } from '#src/service/service-app.ts'
import { bearer, serviceBase } from '#test/support/service.ts'

const agent = z.object({ agent_id: z.string(), created_at: z.date(), note: z.string().optional() })

let app: ServiceApp
beforeAll(() => {
  app = createServiceApp({ ...serviceBase('agents'), name: 'agents', description: 'Keeps agents.', components: {} })
  app.http.get(
    '/api/agents/:agent_id',
    {
      config: { refuses: [404, 503] },
      schema: { summary: 'One agent', querystring: z.object({ limit: z.coerce.number().default(10) }), response: { 200: agent } },
    },
    async ({ query: { limit } }) => ({ agent_id: `of ${limit}`, created_at: new Date(0), secret: 'hunter2' }),
  )
  app.http.post(
    '/api/agents',
    { config: { role: 'admin' }, schema: { body: z.object({ agent_id: z.string().min(1) }), response: { 201: agent } } },
    async (_request, reply) => reply.code(201).send({ agent_id: 7 as unknown as string, created_at: new Date(0) }),
  )
  app.http.post('/api/upload', { schema: { consumes: ['multipart/form-data'] } }, async () => ({}))
  app.http.post('/webhook', { config: { open: true, ratePerMinute: false, refuses: [409] } }, async () => ({}))
  app.http.get('/alias', { config: { undocumented: true } }, async () => ({}))
})
afterAll(() => app.stop(0))

const document = async () => (await app.http.inject('/docs/json')).json()

test('every route is in the document, with who may ask it', async () => {
  const { openapi, info, paths, security, tags } = await document()
  expect([openapi, info, security]).toEqual([
    '3.1.0',
    { title: 'agents', version: '1.2.3', description: 'Keeps agents.' },
    [{ bearer: [] }],
  ])
  expect(
    Object.keys(paths)
      .filter((path) => !path.startsWith('/api/v1/'))
      .sort(),
  ).toEqual([
    '/api/agents',
    '/api/agents/{agent_id}',
    '/api/info',
    '/api/upload',
    '/health',
    '/health/live',
    '/health/ready',
    '/metrics',
    '/webhook',
  ])
  expect(tags.map(({ name }: { name: string }) => name)).toEqual(['agents', 'upload', 'webhook', 'metrics', 'health', 'system', 'info'])
  expect(paths['/webhook'].post.security).toEqual([])
  expect(Object.keys(paths['/webhook'].post.responses)).toEqual(['200', '409', '413', '415', '422'])
  expect(paths['/api/agents'].post).toMatchObject({ description: 'Needs the role admin.', tags: ['agents'] })
  expect(paths['/api/agents'].post.security).toBeUndefined()
  expect(Object.keys(paths['/api/agents'].post.responses)).toEqual(['201', '401', '403', '413', '415', '422', '429'])
  expect(Object.keys(paths['/api/agents/{agent_id}'].get.responses)).toEqual([
    '200',
    '400',
    '401',
    '403',
    '404',
    '414',
    '422',
    '429',
    '503',
  ])
  expect(paths['/webhook'].post.responses[409]).toEqual({
    description: 'It clashes with what is there or was done already',
    content: { 'application/json': { schema: { $ref: '#/components/schemas/Refusal' } } },
  })
})

test('schemas are those that requests and answers are checked with', async () => {
  const { paths } = await document()
  const { get } = paths['/api/agents/{agent_id}']
  expect(get.summary).toBe('One agent')
  expect(get.parameters).toEqual([
    { name: 'agent_id', in: 'path', required: true, schema: { type: 'string' } },
    { name: 'limit', in: 'query', required: false, schema: { type: 'number', default: 10 } },
  ])
  expect(get.responses[200].content['application/json'].schema).toMatchObject({
    properties: { agent_id: { type: 'string' }, created_at: { type: 'string', format: 'date-time' } },
    required: ['agent_id', 'created_at'],
  })
  expect(paths['/api/agents'].post.requestBody.content['application/json'].schema.properties.agent_id).toEqual({
    type: 'string',
    minLength: 1,
  })
  expect(paths['/api/upload'].post.requestBody.content['multipart/form-data'].schema.properties.file.format).toBe('binary')
})

test('every schema of the document compiles, every reference leads somewhere, every operation has its own id', async () => {
  const whole = await document()
  const ajv = formats.default(new Ajv2020({ strict: false }))
  ajv.addSchema({ ...whole.components.schemas, $id: 'refusals' })
  const ids: string[] = []
  const walk = (value: unknown): void => {
    if (typeof value !== 'object' || value === null) return
    if ('operationId' in value) ids.push(String(value.operationId))
    if ('schema' in value) {
      const { $ref } = value.schema as { $ref?: string }
      if ($ref) expect(whole.components.schemas[$ref.split('/').at(-1)!]).toBeDefined()
      else ajv.compile(value.schema as object)
    }
    for (const part of Object.values(value)) walk(part)
  }
  walk(whole.paths)
  expect(ids.length).toBeGreaterThan(8)
  expect(new Set(ids).size).toBe(ids.length)
})

test('an answer leaves as its schema says: no more, and never what does not fit', async () => {
  const answer = await app.http.inject({ url: '/api/agents/7', headers: bearer() })
  expect(answer.body).toBe('{"agent_id":"of 10","created_at":"1970-01-01T00:00:00.000Z"}')
  const broken = await app.http.inject({
    method: 'POST',
    url: '/api/agents',
    payload: { agent_id: 'x' },
    headers: bearer({ sub: 'x', role: 'admin' }),
  })
  expect(broken.statusCode).toBe(500)
  expect(broken.json()).toMatchObject({ incident: expect.any(String) })
})

test('the page brings its own scripts and asks nobody else', async () => {
  const page = await app.http.inject('/docs')
  expect(page.headers['content-security-policy']).toContain("script-src 'self'")
  const files = [...page.body.matchAll(/(?:src|href)="([^"]+)"/g)].map((match) => match[1]!)
  expect(files).toHaveLength(4)
  for (const file of files) {
    const answer = await app.http.inject(file)
    expect([file, answer.statusCode]).toEqual([file, 200])
    expect(answer.rawPayload.length).toBeGreaterThan(50)
  }
})

test.each([
  '/docs/static/../../package.json',
  '/docs/static/..%2f..%2fpackage.json',
  '/docs/static/%2e%2e%2fpackage.json',
  '/docs/static/constructor',
  '/docs/static/swagger-ui.js',
  '/docs/static/%00',
])('%s is not a file of the documentation', async (url) => {
  const answer = await app.http.inject(url)
  expect([answer.statusCode, answer.json()]).toEqual([404, { detail: 'Not Found' }])
})
