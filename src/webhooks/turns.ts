import type { Notice } from './notice.ts'

/** The payload of the event `railway.webhook`. */
export interface Told extends Notice {
  readonly turns: readonly Turn[]
}

/** What a notice says of a matter that people have to look after though every service may look well: it began, or it is over. */
export type Turn = Begins | Ends

interface Begins {
  readonly begins: true
  /** The matter, within its environment. */
  readonly matter: string
  readonly title: string
  readonly sentence: string
}

interface Ends {
  readonly begins: false
  readonly matter: string
  readonly sentence: string
  /** It is over only where it began with this deployment. */
  readonly ofDeployment?: string
}

/** Empty for nearly all: health finds the rest by itself. */
export function turnsOf(notice: Notice): readonly Turn[] {
  const { type, service, deployment, about } = notice
  const named = service?.name
  const memory = `railway:memory:${service?.id ?? deployment ?? ''}`
  const volume = `railway:volume:${about ?? service?.id ?? ''}`
  const monitor = `railway:monitor:${about ?? service?.id ?? ''}`
  switch (type) {
    case 'deploymentoomkilled':
      return [
        {
          ...{ begins: true, matter: memory, title: `${named ?? 'A service'} ran out of memory` },
          sentence: `Railway killed ${named ?? 'a service'} since it took more memory than it may. It is started again by itself, and may be killed again.`,
        },
      ]
    case 'deploymentneedsapproval':
      return [
        {
          ...{ begins: true, matter: approval(deployment ?? service?.id), title: `A deployment${of(named)} waits for approval` },
          sentence: 'It goes on once somebody approves it in Railway.',
        },
      ]
    case 'volumealerttriggered':
      return [
        {
          ...{ begins: true, matter: volume, title: named ? `The volume of ${named} fills up` : 'A volume fills up' },
          sentence: 'Railway says that it is used beyond the threshold that is set for it there.',
        },
      ]
    case 'volumealertresolved':
      return [{ begins: false, matter: volume, sentence: 'Railway says that the volume is used less again.' }]
    case 'monitortriggered':
      return [
        {
          ...{ begins: true, matter: monitor, title: `A monitor in Railway fires${named ? ` for ${named}` : ''}` },
          sentence: 'A threshold that is set in Railway’s observability dashboard is crossed.',
        },
      ]
    case 'monitorresolved':
      return [{ begins: false, matter: monitor, sentence: 'Railway says that the threshold is kept again.' }]
    case 'monitordeleted':
      return [{ begins: false, matter: monitor, sentence: 'The monitor was deleted in Railway.' }]
    default:
      return type.startsWith('deployment') ? endsOf(notice, memory) : []
  }
}

/** Whatever becomes of a deployment, it waits for nobody's approval any more. */
function endsOf({ type, deployment, service }: Notice, memory: string): readonly Turn[] {
  const approved: readonly Turn[] = deployment
    ? [{ begins: false, matter: approval(deployment), sentence: `The deployment${of(service?.name)} waits no longer.` }]
    : []
  if (type === 'deploymentdeployed' || type === 'deploymentredeployed')
    return [...approved, { begins: false, matter: memory, sentence: 'It was deployed anew.' }]
  if (type === 'deploymentremoved' && deployment)
    return [...approved, { begins: false, matter: memory, sentence: 'That deployment was removed.', ofDeployment: deployment }]
  return approved
}

function approval(of: string | undefined): string {
  return `railway:approval:${of ?? ''}`
}

function of(service: string | undefined): string {
  return service === undefined ? '' : ` of ${service}`
}
