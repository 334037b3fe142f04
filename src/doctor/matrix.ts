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
  /** Secrets that it has and that belong to another: the variable that holds one, and which it is by its proper name. */
  readonly foreign: readonly Foreign[]
}

export interface Foreign {
  readonly name: string
  readonly secret: string
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

type Reference = VariableName['refersTo'][number]

interface Led {
  /** All variables of whoever owns it. */
  readonly own: readonly VariableName[]
  /** Undefined for one that Railway puts in by itself. */
  readonly variable: VariableName | undefined
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

  /** What a reference of one of these variables leads to; undefined where that does not exist. */
  function target(own: readonly VariableName[], { owner, name }: Reference): Led | undefined {
    const ofShared = variables.filter(({ serviceId }) => serviceId === undefined)
    const service = services.find((each) => each.name === owner || each.id === owner)
    const there = owner === undefined ? own : owner === 'shared' ? ofShared : service && ownOf(service.id)
    const variable = there?.find((each) => each.name === name)
    const isThere = variable !== undefined || (there !== undefined && owner !== 'shared' && provided.test(name))
    return isThere ? { own: there!, variable } : undefined
  }

  function brokenIn(own: readonly VariableName[]): MatrixRow['broken'] {
    return own.flatMap(({ name, refersTo }) => {
      const lost = refersTo.find((reference) => !target(own, reference))
      return lost ? [{ name, to: lost.owner === undefined ? lost.name : `${lost.owner}.${lost.name}` }] : []
    })
  }

  /** Secrets that a variable holds, by its own name or by where its references lead, however far. One that leads nowhere is empty. */
  function secretsIn(own: readonly VariableName[], variable: VariableName, passed: readonly VariableName[] = []): readonly string[] {
    if (passed.includes(variable)) return []
    const { name, refersTo } = variable
    const led = refersTo.flatMap((reference) => target(own, reference) ?? [])
    if (refersTo.length > 0 && led.length === 0) return []
    const further = led.flatMap(({ own: there, variable: next }) => (next ? secretsIn(there, next, [...passed, variable]) : []))
    return [...(ofOneService.includes(name) ? [name] : []), ...further]
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
    const foreignIn = (variable: VariableName): Foreign[] => {
      const [secret] = secretsIn(own, variable).filter((name) => !mine(name))
      return secret === undefined ? [] : [{ name: variable.name, secret }]
    }
    return {
      service: service.name,
      known: wanted !== undefined,
      postgres: cell(POSTGRES),
      redis: cell(REDIS),
      lacks: [...(wanted?.required.filter((name) => !present(name)) ?? []), ...choices],
      wants: wanted?.recommended.filter((name) => !present(name)) ?? [],
      has: own.map(({ name }) => name),
      broken,
      foreign: own.flatMap(foreignIn),
    }
  }

  return {
    rows: services.map(rowOf),
    shared,
    wronglyShared: shared.filter((name) => neverShared.includes(name)),
    services: services.map(({ name }) => name),
  }
}
