import type { Change, ChangeKind } from '../change.ts'
import { deploy } from './deploy.ts'
import type { Course } from './prepared.ts'
import { redeploy } from './redeploy.ts'
import { restart } from './restart.ts'
import { rollback } from './rollback.ts'
import { scale } from './scale.ts'

const courses: { readonly [Kind in ChangeKind]: Course<Extract<Change, { kind: Kind }>> } = { deploy, redeploy, restart, rollback, scale }

/** How this change goes. */
export function courseOf<C extends Change>(change: C): Course<C> {
  return courses[change.kind] as unknown as Course<C>
}
