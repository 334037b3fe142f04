import { forms } from './form.ts'

const websocket = { service: 'websocket-streaming' }
const orchestrator = { service: 'agent-orchestrator' }
const voice = { service: 'voice-processor' }
const zapier = { service: 'zapier-integration' }
const production = { environment: 'production' }
const staging = { environment: 'staging' }

export const scaling = [
  ...forms('scale', { ...voice, replicas: 3 }, [
    'helix scale the voice processor to three replicas',
    'helix scale voice processor to 3',
    'Helix, scale the voice processor to three replicas.',
    'helix scale the voice process or to three',
    'helix sale the voice processor to three replicas',
    'helix skill voice processor to 3 replicas',
    'helix scale up the voice processor to three',
    'helix scale the voice processor up to three instances',
    'helix set the voice processor to three replicas',
    'helix run three copies of the voice processor',
    'helix can you scale the voice processor to tree replicas',
    'helix give the voice processor three replicas',
    'helix set the number of replicas of the voice processor to three',
    'helix I want three replicas of the voice processor',
    'helix scale voice processor three',
    'helix increase the replicas of the voice processor to three',
  ]),
  ...forms('scale', { ...zapier, replicas: 2 }, [
    'helix scale zapier to two',
    'helix scale zapier to to',
    'helix scale zap ear to too replicas',
    'helix scale the zapier integration to 2 instances please',
    'helix bring zapier down to two',
    'helix run two instances of zapier',
    'helix scale down zapier to two copies',
    'helix reduce zapier to two replicas',
    'helix make zapier run two replicas',
  ]),
  ...forms('scale', { ...websocket, replicas: 4 }, [
    'helix scale websocket streaming to four',
    'helix scale the web socket service to for replicas',
    'helix scale web socket streaming to four instances',
    'helix bump the websocket service up to four',
    'helix scale out the websocket service to 4 replicas',
  ]),
  ...forms('scale', { ...websocket, replicas: 21, ...production }, [
    'helix scale the websocket service to twenty one replicas in production',
    'helix scale web socket streaming to twenty-one in prod',
    'helix in production scale websocket streaming to 21 replicas',
  ]),
  ...forms('scale', { ...orchestrator, replicas: 1, ...staging }, [
    'helix scale the agent orchestrator to one replica in staging',
    'helix scale the orchestrator down to one in staging',
    'helix scale agent orchestra tor to one instance on stage ing',
    'helix scale the staging orchestrator to 1',
  ]),
  ...forms('scale', { ...orchestrator, replicas: 10 }, [
    'helix scale the orchestrator to ten',
    'helix set agent orchestrator to ten instances',
    'helix change the agent orchestrator to ten replicas',
  ]),
  ...forms('scale', { ...zapier, replicas: 12, ...staging }, ['helix scale zapier to a dozen replicas in staging']),
]
