import { forms } from './form.ts'

const websocket = { service: 'websocket-streaming' }
const orchestrator = { service: 'agent-orchestrator' }
const voice = { service: 'voice-processor' }
const zapier = { service: 'zapier-integration' }
const production = { environment: 'production' }
const staging = { environment: 'staging' }

export const deploying = [
  ...forms('deploy', websocket, [
    'helix deploy websocket streaming',
    'Helix, deploy the WebSocket streaming service, please.',
    'hey helix deploy web socket streaming',
    'helix ship the web socket service',
    'he licks deploy websocket streaming',
    'felix deploy the websocket service',
    'helix could you please deploy the web socket streaming service',
    'okay helix go ahead and deploy websocket-streaming now',
    'helix push out the websocket service',
    'helix um deploy uh the web socket streaming',
    'helix i want you to deploy the streaming service',
    'heliks de ploy the web socket',
    'helix employ the websocket streaming service',
  ]),
  ...forms('deploy', { ...websocket, ...production }, [
    'helix deploy the websocket service to production',
    'helix deploy web socket streaming to prod',
    'helix deploy the web socket streaming service in production please',
    'hey helix release websocket streaming to the production environment',
    'helix put the web socket service in production',
    'helix in production deploy the websocket streaming service',
    'helix deploy to production the websocket service',
  ]),
  ...forms('deploy', { ...websocket, ...staging }, [
    'helix deploy web socket streaming to stage ing',
    'hey helix can you deploy the websocket service to staging',
    'helix deployed the web socket service to staging',
    'helix roll out websocket streaming to staging',
  ]),
  ...forms('deploy', zapier, [
    'helix deploy zapier',
    'helix deploy zap ear',
    'helix deploy the zap here integration',
    'helix deploy zappy er integration',
    'helix ship zapier integration',
    'helix release the zapier integration',
    'helix deploy the latest version of zapier',
    'helix let us deploy zapier',
    'helix start a deployment of zap year',
  ]),
  ...forms('deploy', { ...zapier, ...staging }, [
    'helix ship zap ear to staging',
    'helix release the zapier integration to staging',
    'helix push zapier to the staging environment',
    'helix deploy sapier integration in stageing',
    'Helix, deploy Zapier to staging, thank you.',
  ]),
  ...forms('deploy', { ...voice, ...production }, [
    'helix deploy the voice processor to production',
    'helix please deploy voice process or to production',
    'helix deploy boice processor to prod right now',
    'helix I would like to deploy the voice service to production',
    'helix get the voice processor out to production',
  ]),
  ...forms('deploy', orchestrator, [
    'helix deploy agent orchestrator',
    'helix deploy the agent orchestra tor',
    'helix deploy orchestrator',
    'helix deploy the agents orchestrator',
    'helix would you deploy the orchestrator please',
    'helicks deploy the agent orchestrater',
  ]),
  ...forms('redeploy', zapier, [
    'helix redeploy zapier',
    'helix re deploy zap ear',
    'helix re-deploy the zapier integration',
    'helix deploy zapier again',
    'helix ready ploy zapier',
    'helix deploy zapier once more please',
    'helix rerun the last deployment of zapier',
  ]),
  ...forms('redeploy', { ...voice, ...staging }, [
    'helix redeploy the voice processor in staging',
    'helix re deploy voice processor on staging',
    'helix deploy the voice processor again in staging',
    'hey helix redeploy the staging voice processor',
    'helix in staging re deploy the voice processer',
  ]),
  ...forms('redeploy', websocket, [
    'helix redeploy websocket streaming',
    'helix please redeploy the web socket service',
    'helix do a redeploy of the websocket service',
    'helix could you re deploy the web socket streaming',
  ]),
  ...forms('redeploy', { ...orchestrator, ...production }, [
    'helix redeploy agent orchestrator in production',
    'helix re deploy the orchestrator to prod',
    'felix redeploy the agent orchestra tor in production',
    'helix redeploy production orchestrator',
  ]),
]
