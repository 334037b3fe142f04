import { readFile, stat } from 'node:fs/promises'
import { stripTypeScriptTypes } from 'node:module'
import { extname, join, normalize } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { FastifyInstance, FastifyReply } from 'fastify'

const types: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.ts': 'text/javascript; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.mjs': 'text/javascript; charset=utf-8',
  '.map': 'application/json',
  '.json': 'application/json',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.ico': 'image/x-icon',
  '.woff2': 'font/woff2',
  '.ttf': 'font/ttf',
}

/** The only packages that the page may load. */
const modules = /^(preact|htm)\//

/** Serves the page: `folder` at `/` (TypeScript with its types erased), and its two libraries below `/modules/`. */
export function servePage(server: FastifyInstance, folder: URL, packages: URL): void {
  server.get<{ Params: { '*': string } }>('/modules/*', async (request, reply) => {
    const path = normalize(request.params['*'])
    if (modules.test(path)) return send(reply, packages, path)
    reply.callNotFound()
    return reply
  })
  server.get<{ Params: { '*': string } }>('/*', async (request, reply) => send(reply, folder, request.params['*'] || 'index.html'))
}

async function send(reply: FastifyReply, folder: URL, path: string): Promise<FastifyReply> {
  const nothing = () => {
    reply.callNotFound()
    return reply
  }
  const inside = normalize(path)
  const type = types[extname(inside)]
  if (!type || inside.startsWith('..') || inside.includes('\0')) return nothing()
  const file = join(fileURLToPath(folder), inside)
  const found = await stat(file).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT' || error.code === 'ENOTDIR') return undefined
    throw error
  })
  if (!found?.isFile()) return nothing()
  reply.header('content-type', type).header('cache-control', 'no-cache').header('x-content-type-options', 'nosniff')
  const content = await readFile(file)
  return reply.send(extname(inside) === '.ts' ? stripTypeScriptTypes(content.toString()) : content)
}
