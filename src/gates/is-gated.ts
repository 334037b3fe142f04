import type { Change, ChangeKind } from '#src/operations/change.ts'

/**
 * Only what brings a version that did not serve before asks the gate. A rollback, a restart and a redeployment (the same image once more) bring
 * back what served already, and more replicas help: all of these heal.
 */
const gated: Readonly<Record<ChangeKind, boolean>> = { deploy: true, redeploy: false, restart: false, rollback: false, scale: false }

export function isGated({ kind }: Change): boolean {
  return gated[kind]
}
