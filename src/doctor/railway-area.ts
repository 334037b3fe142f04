import type { Railway, RailwayAccess, Scope } from '#src/adapters/railway/railway.ts'
import type { Place } from '#src/kernel/call.ts'
import type { Clock } from '#src/kernel/clock.ts'
import { UpstreamError } from '#src/kernel/errors.ts'
import { andList } from '#src/kernel/say.ts'
import { type Area, type Finding, findingsOf } from './finding.ts'

export interface RailwayParts {
  readonly access: RailwayAccess
  readonly clock: Clock
}

const { ok, warning, problem, unknown } = findingsOf('Railway')

/** The token: whether Railway takes it, what kind it is, what it reaches and may do, and how much of the rate budget is left. */
export function railwayArea({ access, clock }: RailwayParts): Area {
  return {
    name: 'Railway',
    async examine(place) {
      const railway = await access(place)
      const scope = await asked(railway.scope())
      if ('state' in scope) return [scope]
      return [reach(scope), ...(await project(railway, place, scope)), budget(railway, clock.now())]
    },
  }
}

async function asked<Answer>(answer: Promise<Answer>): Promise<Answer | Finding> {
  try {
    return await answer
  } catch (error) {
    if (!(error instanceof UpstreamError)) throw error
    if (error.fault.outcome === 'refused' && error.fault.status !== 429) {
      return problem(
        'Token',
        error.message,
        'Make a new token (Project, Settings, Tokens; or Account, Tokens), and set RAILWAY_TOKEN or RAILWAY_API_TOKEN to it.',
      )
    }
    return unknown('API', error.message, 'Look at status.railway.com, and try again.')
  }
}

function reach(scope: Scope): Finding {
  if (scope.kind === 'project') {
    return ok(
      'Token',
      `A project token of ${scope.project.name}, environment ${scope.environment.name}: it may deploy, restart, roll back, scale, read logs and metrics there, and nothing elsewhere. It may not ask for the plan or for costs.`,
    )
  }
  const where = andList(scope.workspaces.map(({ name }) => name)) || 'the account'
  return ok('Token', `A token of ${where}: it may do everything in every project there. Keep it as you would a password of the workspace.`)
}

async function project(railway: Railway, place: Place, scope: Scope): Promise<readonly Finding[]> {
  if (scope.kind === 'project' && (scope.project.id !== place.project || scope.environment.id !== place.environment)) {
    const todo =
      'Take RAILWAY_PROJECT_ID and RAILWAY_ENVIRONMENT_ID away (a project token tells them by itself), or make a token of the environment that is meant.'
    return [problem('Reach', 'The project token is of another project or environment than the one that Helix works on.', todo)]
  }
  const found = await asked(railway.project(place.project))
  if ('state' in found) return [{ ...found, name: 'Project' }]
  const environment = found.environments.find(({ id }) => id === place.environment)
  if (!environment) {
    return [
      problem(
        'Reach',
        `The token does not reach the environment of ${found.name} that Helix works on.`,
        'Correct RAILWAY_ENVIRONMENT_ID, or give the token’s owner access to it.',
      ),
    ]
  }
  const names = andList(found.environments.map(({ name }) => name))
  const reached = ok('Reach', `Project ${found.name}, environment ${environment.name}; the token reaches ${names}.`)
  const plan = await asked(railway.plan(place.project))
  if (plan === undefined || typeof plan !== 'string')
    return [reached, unknown('Plan', 'A project token may not ask for the plan: limits of replicas and requests are not known.')]
  return [reached, ok('Plan', `The workspace has the plan ${plan.toLowerCase()}.`)]
}

function budget(railway: Railway, now: Date): Finding {
  const left = railway.budget()
  if (!left) return unknown('Rate budget', 'Railway has not said how many requests are left.')
  const { limit, remaining, resetsAt } = left
  const minutes = Math.max(1, Math.round((resetsAt.getTime() - now.getTime()) / 60_000))
  const said = `${remaining.toLocaleString('en')} of ${limit.toLocaleString('en')} requests are left for the next ${minutes} min.`
  if (remaining <= limit * 0.02)
    return problem(
      'Rate budget',
      `${said} Railway will refuse what comes then.`,
      'Wait; follow fewer logs at once; look for other programs that use the same token.',
    )
  if (remaining <= limit * 0.15) return warning('Rate budget', said, 'Follow fewer logs at once; give other programs a token of their own.')
  return ok('Rate budget', said)
}
