import { createSecretKey } from 'node:crypto'
import type { JWTPayload } from 'jose'
// By its parts: the whole costs every start 25 ms and 9 MB more.
import * as errors from 'jose/errors'
import { decodeJwt } from 'jose/jwt/decode'
import { SignJWT } from 'jose/jwt/sign'
import { jwtVerify } from 'jose/jwt/verify'
import type { Clock } from '#src/kernel/clock.ts'
import type { Role } from '#src/kernel/command.ts'
import { ConfigError } from '#src/kernel/errors.ts'
import { highestRole } from './claimed-role.ts'
import { InvalidToken, type Principal, type Tokens } from './tokens.ts'

export interface TokensDeps {
  /** Signs users' tokens. Left out: this process takes none. */
  readonly jwtSecret?: string | undefined
  /** Signs what services say to each other. Left out: this process neither makes nor takes such tokens. */
  readonly meshSecret?: string | undefined
  /** This process, by its folder's name: the audience that it is, and the subject of the tokens that it makes. */
  readonly service: string
  /** Of a user's token that names no role: existing clients carry only `sub`. */
  readonly defaultRole: Role
  /** What this service may do at the others. The bot asks for people whose permissions it has checked itself, and needs more. */
  readonly serviceRole?: Role
  readonly clock: Clock
}

const MESH = 'helix-mesh'
const ALGORITHM = 'HS256'
const LIFE_S = 60
/** By how much the clocks of two services may differ. Users' tokens get no grace: they end when they say. */
const SKEW_S = 30
/** A name is written down: in logs, in tables, beside what its owner did. */
const NAME = /^[^\p{Cc}]{1,256}$/u
/** The service that knows agents, by its folder's name. */
const AGENTS_HOME = 'agent-orchestrator'
/** The last second that is written with four digits of a year (RFC 3339). */
const LAST_SECOND = 253_402_300_799

/** A user's token may name an audience, and is then good for nobody else; `helix` are all of them. */
const EVERY_SERVICE = 'helix'

/** Only who signs, and for whom, tells the two kinds apart; a `kid` in the header changes nothing, as there is one key for each. */
export function createTokens({ jwtSecret, meshSecret, service, defaultRole, serviceRole = 'operator', clock }: TokensDeps): Tokens {
  const userKey = keyOf(jwtSecret)
  const meshKey = keyOf(meshSecret)

  async function verifyUser(token: string, { aud }: JWTPayload): Promise<Principal> {
    if (!userKey) throw new InvalidToken('Tokens of users are not taken here.')
    const { payload } = await jwtVerify(token, userKey, {
      algorithms: [ALGORITHM],
      currentDate: clock.now(),
      ...(aud !== undefined && { audience: [service, EVERY_SERVICE] }),
    })
    return { ...principal('user', payload, defaultRole), agent: agentIn(payload) }
  }

  /** Such a token is not even good for looking anywhere else. */
  function agentIn({ agent_id }: JWTPayload): string | undefined {
    if (agent_id === undefined) return undefined
    if (!isName(agent_id)) throw new InvalidToken('The token does not say which agent’s it is.')
    if (service !== AGENTS_HOME) throw new InvalidToken(`The token is an agent’s, and good at the ${AGENTS_HOME} alone.`)
    return agent_id
  }

  async function verifyService(token: string): Promise<Principal> {
    if (!meshKey) throw new InvalidToken('Tokens of services are not taken here.')
    const { payload } = await jwtVerify(token, meshKey, {
      algorithms: [ALGORITHM],
      issuer: MESH,
      audience: service,
      maxTokenAge: LIFE_S,
      requiredClaims: ['exp'],
      clockTolerance: SKEW_S,
      currentDate: clock.now(),
    })
    return principal('service', payload, 'operator')
  }

  return {
    async verify(token) {
      try {
        const claims = decodeJwt(token)
        return claims.iss === MESH ? await verifyService(token) : await verifyUser(token, claims)
      } catch (error) {
        if (error instanceof errors.JOSEError) throw new InvalidToken(why(error))
        throw error
      }
    },
    async forService(audience) {
      if (!meshKey) throw new ConfigError(['SERVICE_MESH_SECRET is missing: services speak to each other with it'])
      const now = Math.floor(clock.now().getTime() / 1_000)
      return new SignJWT({ role: serviceRole })
        .setProtectedHeader({ alg: ALGORITHM, typ: 'JWT' })
        .setIssuer(MESH)
        .setSubject(service)
        .setAudience(audience)
        .setIssuedAt(now)
        .setExpirationTime(now + LIFE_S)
        .sign(meshKey)
    },
  }
}

function keyOf(secret: string | undefined) {
  return secret === undefined ? undefined : createSecretKey(Buffer.from(secret))
}

function principal(kind: Principal['kind'], claims: JWTPayload, otherwise: Role): Principal {
  const { sub, exp } = claims
  if (!isName(sub)) throw new InvalidToken('The token does not say whose it is.')
  const expiresAt = exp === undefined ? undefined : new Date(Math.min(exp, LAST_SECOND) * 1_000)
  return { subject: sub, kind, role: highestRole(claims, otherwise), expiresAt, agent: undefined }
}

/** No control characters, among them NUL, which PostgreSQL does not keep; no half of a surrogate pair. */
function isName(claim: unknown): claim is string {
  return typeof claim === 'string' && claim.isWellFormed() && NAME.test(claim)
}

function why(error: errors.JOSEError): string {
  if (error instanceof errors.JWTExpired) return 'The token has expired.'
  if (error instanceof errors.JWSSignatureVerificationFailed) return 'The token is signed by somebody else.'
  if (error instanceof errors.JOSEAlgNotAllowed) return `The token is not signed with ${ALGORITHM}.`
  if (error instanceof errors.JWTClaimValidationFailed) {
    if (error.claim === 'aud') return 'The token is meant for another service.'
    return error.claim === 'nbf' || error.claim === 'iat' ? 'The token is not valid yet.' : 'The token lacks what it must say.'
  }
  return 'This is not a token that can be read.'
}
