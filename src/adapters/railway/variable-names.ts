import type { ResultOf } from 'gql.tada'
import { variableNamesQuery } from './documents/variables.ts'
import type { VariableName } from './railway.ts'
import type { Request } from './request.ts'

/** More than any environment has; a server that pages without end is not followed. */
const mostPages = 40

/** Railway's page is 500 variables: one request for each. */
export async function readVariableNames(request: Request, projectId: string, environmentId: string): Promise<readonly VariableName[]> {
  const found: VariableName[] = []
  let after: string | null = null
  for (let page = 0; page < mostPages; page++) {
    const answer: ResultOf<typeof variableNamesQuery> = await request(variableNamesQuery, { projectId, environmentId, after })
    const { variables } = answer.environment
    for (const { node } of variables.edges) {
      found.push({
        name: node.name,
        serviceId: node.serviceId ?? undefined,
        sealed: node.isSealed,
        refersTo: node.references.flatMap(targetOf),
      })
    }
    if (!variables.pageInfo.hasNextPage) break
    after = variables.pageInfo.endCursor ?? null
  }
  return found
}

/** `Postgres.DATABASE_URL` and `shared.KEY`, in braces or without; `KEY` alone is another variable of the same service. */
function targetOf(reference: string): VariableName['refersTo'] {
  const path = /^\s*(?:\$\{\{)?\s*([^{}]+?)\s*(?:\}\})?\s*$/.exec(reference)?.[1]
  if (path === undefined) return []
  const dot = path.lastIndexOf('.')
  return dot < 0 ? [{ owner: undefined, name: path }] : [{ owner: path.slice(0, dot), name: path.slice(dot + 1) }]
}
