import { createHmac } from 'node:crypto'

const LIFE_S = 120

/** A token that is this agent's own, good for two minutes (docs/services.md). HS256, RFC 7519. */
export function agentToken(jwtSecret: string, agentId: string, now: Date): string {
  const claims = { sub: agentId, agent_id: agentId, role: 'operator', exp: Math.floor(now.getTime() / 1_000) + LIFE_S }
  const text = [{ alg: 'HS256', typ: 'JWT' }, claims].map((part) => Buffer.from(JSON.stringify(part)).toString('base64url')).join('.')
  return `${text}.${createHmac('sha256', jwtSecret).update(text).digest('base64url')}`
}
