/** The processes of Helix that call each other, by their folders' names (and the bot), each with the variable that says where it is. */
export const peerVariable = {
  'websocket-streaming': 'WEBSOCKET_SERVICE_URL',
  'agent-orchestrator': 'AGENT_ORCHESTRATOR_URL',
  'voice-processor': 'VOICE_PROCESSOR_URL',
  'zapier-integration': 'ZAPIER_SERVICE_URL',
  bot: 'HELIX_BOT_URL',
} as const

export type Peer = keyof typeof peerVariable

export const peers = Object.keys(peerVariable) as readonly Peer[]
