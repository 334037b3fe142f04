import type { VariableName } from '#src/adapters/railway/railway.ts'
import type { ServiceNeeds } from '#src/config/service-needs.ts'
import type { ServiceRef } from '#src/kernel/directory.ts'

/** What one service has and lacks; names only, never a value. */
export interface MatrixRow {
  readonly service: string
  /** False: Helix does not know what it needs. */
  readonly known: boolean
  readonly postgres: Cell
  readonly redis: Cell
  readonly lacks: readonly string[]
  /** It starts without them, but not all of it works. */
  readonly wants: readonly string[]
  readonly has: readonly string[]
  /** Variables whose reference leads to nothing, with where it leads. */
  readonly broken: readonly { readonly name: string; readonly to: string }[]
  /** Secrets that it has and that belong to another. */
  readonly foreign: readonly string[]
}

export interface Cell {
  /** Undefined: not known. */
  readonly needs: boolean | undefined
  readonly has: boolean
}

export interface Matrix {
  readonly rows: readonly MatrixRow[]
  /** Shared variables of the environment. */
  readonly shared: readonly string[]
  /** Shared ones that must never be. */
  readonly wronglyShared: readonly string[]
  readonly services: readonly string[]
}

export interface MatrixGiven {
  readonly services: readonly ServiceRef[]
  readonly variables: readonly VariableName[]
  readonly needs: (service: string) => ServiceNeeds | undefined
  readonly isBot: (service: ServiceRef) => boolean
}

export const botTokens: readonly string[] = ['DISCORD_BOT_TOKEN', 'DISCORD_TOKEN']
/** Secrets that nobody but the bot may have: as a shared variable they are one reference away from everybody. */
const neverShared: readonly string[] = [...botTokens, 'HELIX_SECRET_KEY', 'RAILWAY_TOKEN', 'RAILWAY_API_TOKEN']
/** Secrets of one service each: whoever has them can act as it. */
const ofOneService: readonly string[] = [...neverShared, 'ZAPIER_SECRET']
/** Railway puts these in by itself. https://docs.railway.com/reference/variables#railway-provided-variables */
const provided = /^(RAILWAY_|PORT$)/
const POSTGRES = 'DATABASE_URL'
const REDIS = 'REDIS_URL'

/** For every service what it needs, has and lacks, from names and references alone. */
export function matrixOf({ services, variables, needs, isBot }: MatrixGiven): Matrix {
  const shared = variables.filter(({ serviceId }) => serviceId === undefined).map(({ name }) => name)
  const ownOf = (id: string) => variables.filter(({ serviceId }) => serviceId === id)

  function brokenIn(own: readonly VariableName[]): MatrixRow['broken'] {
    const leads = ({ owner, name }: VariableName['refersTo'][number]) => {
      if (owner === undefined) return provided.test(name) || own.some((each) => each.name === name)
      if (owner === 'shared') return shared.includes(name)
      const target = services.find((each) => each.name === owner || each.id === owner)
      return target !== undefined && (provided.test(name) || ownOf(target.id).some((each) => each.name === name))
    }
    return own.flatMap(({ name, refersTo }) => {
      const lost = refersTo.find((reference) => !leads(reference))
      return lost ? [{ name, to: lost.owner === undefined ? lost.name : `${lost.owner}.${lost.name}` }] : []
    })
  }

  function rowOf(service: ServiceRef): MatrixRow {
    const own = ownOf(service.id)
    const broken = brokenIn(own)
    const present = (name: string) => own.some((each) => each.name === name)
    const wanted = isBot(service) ? needs('helix-discord-bot') : needs(service.name)
    const cell = (name: string): Cell => ({ needs: wanted?.required.includes(name), has: present(name) })
    const choices = wanted?.oneOf.filter((names) => !names.some(present)).map((names) => names.join(' or ')) ?? []
    const may = wanted && [...wanted.required, ...wanted.recommended, ...wanted.optional]
    const mine = (name: string) => (botTokens.includes(name) ? isBot(service) : may === undefined ? false : may.includes(name))
    const secrets = own.flatMap(({ name, refersTo }) => [name, ...refersTo.map((each) => each.name)])
    return {
      service: service.name,
      known: wanted !== undefined,
      postgres: cell(POSTGRES),
      redis: cell(REDIS),
      lacks: [...(wanted?.required.filter((name) => !present(name)) ?? []), ...choices],
      wants: wanted?.recommended.filter((name) => !present(name)) ?? [],
      has: own.map(({ name }) => name),
      broken,
      foreign: [...new Set(secrets)].filter((name) => ofOneService.includes(name) && !mine(name)),
    }
  }

  return {
    rows: services.map(rowOf),
    shared,
    wronglyShared: shared.filter((name) => neverShared.includes(name)),
    services: services.map(({ name }) => name),
  }
}
