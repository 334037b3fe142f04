import { environment } from '#src/kernel/arguments/environment.ts'
import { defineCommand, everywhere } from '#src/kernel/command.ts'
import { age, ago, count, version } from '#src/kernel/say.ts'

export default defineCommand({
  describe: 'The services of an environment: what runs, how many, since when',
  role: 'viewer',
  risk: 'read',
  doors: everywhere,
  answer: 'public',
  arguments: { environment: environment() },
  says: [
    '[show|list|name|read|get] [me] [all] [of] [the|our] services',
    'how many services (are there|do we have|are running)',
    '(which|what) services (run|are running|are there|do we have|have we got|exist|are up)',
    '(which|what) services (run|are running|are there) (in|on) {environment}',
    'what (is|are) [we] running',
    'what runs [in {environment}]',
  ],
  needs: ['health', 'clock'],
  async run(_, { health, clock, call }) {
    const { environment, services, readAt, stale } = await health.read(call.place)
    const now = clock.now()
    const old = stale ? `Railway cannot be read; this is how it was ${ago(readAt, now)}. ` : ''
    const rows = services.map(({ service }) => {
      const running = service.serving?.instances.filter(({ status }) => status === 'RUNNING').length ?? 0
      return [
        service.name,
        `${running}/${service.replicas}`,
        service.serving ? version(service.serving) : '–',
        service.serving ? age(service.serving.createdAt, now) : 'never',
      ]
    })
    const ill = services.filter(({ condition }) => condition !== 'healthy')
    const well = services.filter(({ condition }) => condition === 'healthy').length
    return {
      title: `Services in ${environment.name}`,
      tone: stale ? 'warning' : 'neutral',
      sentence: `${old}${environment.name} has ${count(services.length, 'service')}${howMany(well, services.length)}.`,
      facts: ill.slice(0, 10).map(({ service, condition }) => ({ label: service.name, value: condition })),
      table: { head: ['Service', 'Up', 'Version', 'Age'], rows },
    }
  },
})

function howMany(well: number, all: number): string {
  if (all === 0) return ''
  if (all === 1) return well === 1 ? ', and it is healthy' : ', and it is not healthy'
  if (well === all) return '; all of them are healthy'
  return `; ${well === 0 ? 'none' : well} of them ${well > 1 ? 'are' : 'is'} healthy`
}
