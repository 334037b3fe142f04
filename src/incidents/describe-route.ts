import { andList } from '#src/kernel/say.ts'
import type { GuildNames } from './guild-names.ts'
import type { Called, QuietHours } from './incident.ts'
import type { SetRoute } from './routes.ts'

export interface DescribedRoute {
  readonly number: number
  /** `critical of voice-processor in production` */
  readonly what: string
  /** `#ops, mentions @oncall`, and what else there is to it, a line each. */
  readonly where: string
}

export function describeRoute(route: SetRoute, names: GuildNames): DescribedRoute {
  const { number, severity, service, environment, channel, roles, quiet, chain, addedBy } = route
  const least = severity === 'critical' ? 'critical' : severity === 'warning' ? 'warning and critical' : 'everything'
  const to = (called: Called) => andList([...called.roles.map((id) => `@${names.roleName(id)}`), ...inChannel(called)])
  const inChannel = (called: Called) => (called.channel === undefined ? [] : [`#${names.channelName(called.channel)}`])
  return {
    number,
    what: [least, service && `of ${service.name}`, environment && `in ${environment.name}`].filter(Boolean).join(' '),
    where: [
      `#${names.channelName(channel)}, ${roles.length === 0 ? 'mentions nobody' : `mentions ${to({ channel: undefined, roles })}`}`,
      ...(quiet ? [`quiet ${hoursOf(quiet)}, but for the critical`] : []),
      ...chain.map((step) => `not acknowledged for ${step.afterMinutes} min more: ${to(step)}`),
      `by ${addedBy}`,
    ].join('\n'),
  }
}

function hoursOf({ from, to, zone }: QuietHours): string {
  const clock = (minutes: number) => `${String(Math.floor(minutes / 60)).padStart(2, '0')}:${String(minutes % 60).padStart(2, '0')}`
  return `${clock(from)}–${clock(to)} ${zone}`
}
