import type { Project, Token } from '../../world/model.ts'
import type { Resolvers } from '../api.ts'
import { connection, type PageArguments } from '../connection.ts'
import { refusal } from '../graphql-errors.ts'

/** Who am I, and how much may I ask? */
export const scope = {
  Query: {
    projectToken(_: unknown, __: unknown, { access }) {
      if (access.token?.kind !== 'project') throw refusal('Project Token not found')
      return access.token
    },
    apiToken(_: unknown, __: unknown, { access, world }) {
      access.wide()
      const { id, name } = world.tables.workspace
      return { workspaces: [{ id, name }] }
    },
    workspace(_: unknown, args: { workspaceId: string }, { access, world, limits }) {
      access.wide()
      const { id, name, plan } = world.tables.workspace
      if (args.workspaceId !== id) throw refusal('Workspace not found')
      const { remaining, resetsAt } = limits.budget(access.token!.token)
      const createdAt = world.tables.projects[0]?.createdAt ?? world.now()
      return {
        id,
        name,
        plan,
        createdAt,
        updatedAt: createdAt,
        apiTokenRateLimit: { remainingPoints: remaining, resetsAt: resetsAt.toISOString() },
      }
    },
    projects(_: unknown, args: PageArguments & { workspaceId?: string | null }, { access, world }) {
      access.wide()
      if (args.workspaceId && args.workspaceId !== world.tables.workspace.id) throw refusal('Workspace not found')
      return connection(world.tables.projects, args)
    },
    project: (_: unknown, { id }: { id: string }, { access }) => access.project(id),
    environment: (_: unknown, { id }: { id: string }, { access }) => access.environment(id),
    environments(_: unknown, args: PageArguments & { projectId: string }, { access, world }) {
      const project = access.project(args.projectId)
      return connection(
        world.tables.environments.filter((one) => one.projectId === project.id),
        args,
      )
    },
  },
  ProjectToken: {
    displayToken: (token: Token) => `${token.token.slice(0, 4)}****`,
    project: (token: Token & { kind: 'project' }, _: unknown, { access }) => access.project(token.projectId),
    environment: (token: Token & { kind: 'project' }, _: unknown, { access }) => access.environment(token.environmentId),
  },
  Project: {
    updatedAt: (project: Project) => project.createdAt,
    workspaceId: (_: Project, __: unknown, { world }) => world.tables.workspace.id,
    primaryEnvironmentId: (project: Project, _: unknown, { world }) =>
      world.tables.environments.find((one) => one.projectId === project.id)?.id ?? null,
    environments: (project: Project, args: PageArguments & { isEphemeral?: boolean | null }, { world }) =>
      connection(args.isEphemeral ? [] : world.tables.environments.filter((one) => one.projectId === project.id), args),
    services: (project: Project, args: PageArguments, { world }) =>
      connection(
        world.tables.services.filter((one) => one.projectId === project.id),
        args,
      ),
  },
} satisfies Resolvers
