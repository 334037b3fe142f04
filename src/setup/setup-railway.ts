import type { Railway } from '#src/adapters/railway/railway.ts'
import { UpstreamError, UserError } from '#src/kernel/errors.ts'
import { choose } from './choose.ts'
import type { Values } from './dotenv-file.ts'
import { settled } from './settled.ts'
import type { Terminal } from './terminal.ts'

export type TokenKind = 'project' | 'account'
type Reader = Pick<Railway, 'scope' | 'project' | 'close'>
export type ConnectRailway = (token: { readonly kind: TokenKind; readonly value: string }) => Reader

const variables = { project: 'RAILWAY_TOKEN', account: 'RAILWAY_API_TOKEN' } as const
const none: Values = { RAILWAY_TOKEN: '', RAILWAY_API_TOKEN: '', RAILWAY_PROJECT_ID: '', RAILWAY_ENVIRONMENT_ID: '' }

/** Asks for a token until Railway knows it, finds out its kind, and has project and environment named where the token does not say them. */
export async function setupRailway(terminal: Terminal, set: Readonly<NodeJS.Dict<string>>, connect: ConnectRailway): Promise<Values> {
  const kept = set.RAILWAY_TOKEN || set.RAILWAY_API_TOKEN
  terminal.say(
    'Railway: a project token (Project, Settings, Tokens) reaches one environment; an account token (Account, Tokens) reaches all.',
  )
  const { token, kind, railway, scope } = await settled(terminal, async () => {
    const answer = await terminal.ask(`Railway token${kept ? ' (Enter keeps the present one)' : ''}?`, 'secret')
    const given = answer || kept
    if (!given) throw new UserError('Helix needs one of the two.')
    return recognised(given, connect)
  })
  try {
    if (scope.kind === 'project') {
      terminal.say(`It is a token of the project ${scope.project.name}, environment ${scope.environment.name}.`)
      return { ...none, [variables[kind]]: token }
    }
    terminal.say(`It reaches ${scope.workspaces.map(({ name }) => name).join(', ') || 'your account'}.`)
    const project = await settled(terminal, async () => {
      const present = set.RAILWAY_PROJECT_ID
      const keeps = present ? '; Enter keeps the present one' : ''
      const answer = (await terminal.ask(`Project (its address, or the id in it: railway.com/project/<id>${keeps})?`)) || (present ?? '')
      const id = /[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}/i.exec(answer)?.[0]
      if (!id) throw new UserError('There is no project id in that: it looks like 1c4e9f0a-0000-4000-8000-000000000000.')
      return railway.project(id)
    })
    if (project.environments.length === 0) throw new UserError(`The token reaches no environment of ${project.name}.`)
    const what = `Environment of ${project.name} that commands mean when none is named`
    const environment = await choose(terminal, what, project.environments, set.RAILWAY_ENVIRONMENT_ID)
    return { ...none, [variables[kind]]: token, RAILWAY_PROJECT_ID: project.id, RAILWAY_ENVIRONMENT_ID: environment.id }
  } finally {
    await railway.close()
  }
}

/** Nothing in a token tells its kind: each has a header of its own, and is unknown under the other. */
async function recognised(token: string, connect: ConnectRailway) {
  for (const kind of ['project', 'account'] as const) {
    const railway = connect({ kind, value: token })
    try {
      return { token, kind, railway, scope: await railway.scope() }
    } catch (error) {
      await railway.close()
      if (!(error instanceof UpstreamError) || error.fault.outcome !== 'refused') throw error
    }
  }
  throw new UserError('Railway does not know this token, neither as a project token nor as one of an account or workspace.')
}
