import { environment } from '#src/kernel/arguments/environment.ts'
import { defineCommand, everywhere } from '#src/kernel/command.ts'
import { ago, count, version } from '#src/kernel/say.ts'

export default defineCommand({
  describe: 'The services of an environment: what runs, how many, since when',
  role: 'viewer',
  risk: 'read',
  doors: everywhere,
  answer: 'public',
  arguments: { environment: environment() },
  says: ['(show|list) [the] services [in {environment}]', 'which services (run|are there) [in {environment}]'],
  needs: ['health', 'clock'],
  async run(_, { health, clock, call }) {
    const { environment, services } = await health.read(call.place)
    const now = clock.now()
    const rows = services.map(({ service, condition }) => {
      const running = service.serving?.instances.filter(({ status }) => status === 'RUNNING').length ?? 0
      return [
        service.name,
        condition,
        `${running}/${service.replicas}`,
        service.serving ? version(service.serving) : '–',
        service.serving ? ago(service.serving.createdAt, now) : 'never',
      ]
    })
    const well = services.filter(({ condition }) => condition === 'healthy').length
    return {
      title: `Services in ${environment.name}`,
      tone: 'neutral',
      sentence: `${environment.name} has ${count(services.length, 'service')}; ${well === services.length ? 'all' : well} of them are healthy.`,
      table: { head: ['Service', 'State', 'Up', 'Version', 'Deployed'], rows },
    }
  },
})
