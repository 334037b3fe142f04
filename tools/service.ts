import { existsSync } from 'node:fs'
import { enableCompileCache } from 'node:module'
import { fileURLToPath } from 'node:url'
import { serviceBaseVariables } from '#src/config/service-base-variables.ts'
import { serviceVariables } from '#src/config/service-variables.ts'
import { runLauncher } from '#src/launch/run-launcher.ts'
import { createUserToken } from '#src/tokens/user-token.ts'

/** `npm run service -- <name>`: one service by itself, with the variables of `.env` where there is one. */
const root = new URL('../', import.meta.url)
const dayMs = 86_400_000

/** A first thing to ask of each. */
const first = {
  'websocket-streaming': '/api/consciousness/metrics',
  'agent-orchestrator': '/api/agents',
  'voice-processor': '/api/events',
  'zapier-integration': '/api/webhooks/status',
} as const satisfies Record<keyof typeof serviceVariables, string>

type Name = keyof typeof first

const [name = ''] = process.argv.slice(2)
if (Object.hasOwn(first, name)) await run(name as Name, process.env)
else {
  const list = Object.keys(first).map((each) => `  npm run service -- ${each}`)
  console.error(`${name ? `There is no service "${name}".` : 'Which service?'} There are:\n${list.join('\n')}`)
  process.exitCode = 2
}

async function run(name: Name, env: NodeJS.ProcessEnv): Promise<void> {
  const dotenv = fileURLToPath(new URL('.env', root))
  if (existsSync(dotenv)) process.loadEnvFile(dotenv)
  if (env.NODE_ENV === 'production') {
    // Nothing is provided: the service names everything that is missing.
    enableCompileCache()
    return void (await import(new URL(`services/${name}/main.ts`, root).href))
  }
  const needs = Object.keys({ ...serviceBaseVariables, ...serviceVariables[name] })
  await runLauncher({ env, root, service: { name, needs, invite: (url, secret) => invite(`${url}${first[name]}`, url, secret) } })
}

async function invite(address: string, url: string, jwtSecret: string): Promise<string> {
  const issuedAt = new Date()
  const expiresAt = new Date(issuedAt.getTime() + dayMs)
  const token = await createUserToken(jwtSecret, { subject: 'developer', role: 'admin', issuedAt, expiresAt })
  return `Ask it, with a token that is good for a day (signed with JWT_SECRET, role admin):
  curl -H 'Authorization: Bearer ${token}' ${address}
What it answers: ${url}/docs`
}
