import { forms } from './form.ts'

const websocket = { service: 'websocket-streaming' }
const orchestrator = { service: 'agent-orchestrator' }
const voice = { service: 'voice-processor' }
const zapier = { service: 'zapier-integration' }
const production = { environment: 'production' }
const staging = { environment: 'staging' }

export const restarting = [
  ...forms('restart', voice, [
    'helix restart the voice processor',
    'helix restart voice processor',
    'Hey Helix, restart the voice processor please.',
    'helix re start the voice process or',
    'helix bounce the voice processor',
    'helix reboot voice processor',
    'helix can you restart the voice professor',
    'helix give the voice processor a restart',
    'helix turn the voice processor off and on again',
    'hi helix would you please restart our voice service',
    'helix restart voiceprocessor',
    'helix restart the voice processor again',
    'helix i need you to restart the voice processor right away',
  ]),
  ...forms('restart', { ...voice, ...production }, [
    'helix restart the voice processor in production',
    'helix restart voice processor on prod',
    'helix restart the production voice processor',
    'helix reboot the voice processor in the production environment',
  ]),
  ...forms('restart', orchestrator, [
    'helix restart the agent orchestrator',
    'helix restart agent orchestra tor',
    'helix bounce the orchestrator',
    'helix restart the orchestra',
    'helix rest art the agent orchestrator',
    'helix restart the agent service',
  ]),
  ...forms('restart', { ...websocket, ...staging }, [
    'helix restart web socket streaming in staging',
    'helix restart the websocket service and staging',
    'helix re start websocket on staging please',
    'helix on staging restart the websocket service',
    'helix restart the web soccer streaming service in staging',
  ]),
  ...forms('restart', zapier, ['helix restart zap ear', 'helix restart the zapper integration', 'helix reboot the zapier service']),
  ...forms('rollback', zapier, [
    'helix rollback zapier',
    'helix roll back zapier',
    'helix role back zap ear',
    'helix roll zapier back',
    'helix roll back the zapier integration please',
    'helix undo the last deploy of zapier',
    'helix revert zapier',
    'helix row back the zap here integration',
    'helix roll back zapier to the previous version',
    'helix bring back the previous version of zapier',
    'helix undo the deployment of the zapier integration',
  ]),
  ...forms('rollback', { ...websocket, ...production }, [
    'helix roll back the websocket service in production',
    'helix rollback web socket streaming in prod',
    'helix roll back production websocket streaming',
    'helix revert the web socket service in production to the last version',
    'helix please roll the websocket service back in production',
    'helix undo the last deployment of the websocket service in production',
  ]),
  ...forms('rollback', { ...voice, ...staging }, [
    'helix roll back voice processor in staging',
    'helix could you roll back the voice processor on staging',
    'helix role the voice processor back in staging',
    'helix roll bag the voice processor in staging',
  ]),
  ...forms('rollback', orchestrator, [
    'helix roll back the agent orchestrator',
    'helix do a rollback of the orchestrator',
    'helix go back to the previous version of the agent orchestrator',
    'helix take the orchestrator back to the previous version',
  ]),
]
