/**
 * Runs inside every deployed process (`node --import`), before the service's own code, which knows nothing of it. The process
 * ends when the playground does (even by SIGKILL), listens on loopback only, says when it listens, and behaves as its version does.
 */
import { Server as HttpServer, IncomingMessage, ServerResponse } from 'node:http'
import { Server } from 'node:net'
import { type Behaviour, type BehaviourName, behaviours, preloadVariables } from './behaviours.ts'

function take(name: string): string {
  const value = process.env[name] ?? ''
  delete process.env[name]
  return value
}

function endWithThePlayground(): void {
  process.on('disconnect', () => process.exit(0))
  if (!process.connected) process.exit(0) // It was gone before this could listen.
  process.channel?.unref()
}

function listenOnLoopback(onListening: () => void): void {
  const listen = Server.prototype.listen
  Server.prototype.listen = function (this: Server, ...given: unknown[]) {
    this.once('listening', () => {
      if (process.connected) process.send?.('listening')
      onListening()
    })
    const [first, ...rest] = given
    if (typeof first === 'object' && first !== null && 'port' in first) given = [{ ...first, host: '127.0.0.1' }, ...rest]
    else if (typeof first === 'number') given = [first, '127.0.0.1', ...rest.filter((one) => typeof one !== 'string')]
    return Reflect.apply(listen, this, given)
  } as typeof listen
}

/** One JSON object on a line, as services write them (src/service/service-log.ts). */
function complain(msg: string, fields: object): void {
  const line = { level: 'error', service: process.env.RAILWAY_SERVICE_NAME, time: new Date().toISOString(), ...fields, msg }
  process.stdout.write(`${JSON.stringify(line)}\n`)
}

/** A bad version turns bad only after Railway has found it healthy, however long that takes. */
function createTurn({ turns }: Behaviour, goodForMs: number) {
  let begun = false
  let badSince: number | undefined
  return {
    badForMs: () => (badSince === undefined ? undefined : performance.now() - badSince),
    begin() {
      if (begun) return
      begun = true
      setTimeout(() => {
        badSince = performance.now()
        turns?.(complain)
      }, goodForMs).unref()
    },
  }
}

function behave(behaviour: Behaviour, healthcheckPath: string, turn: ReturnType<typeof createTurn>): void {
  const { takes } = behaviour
  if (!takes && !behaviour.turns) return
  let number = -1
  const emit = HttpServer.prototype.emit
  HttpServer.prototype.emit = function (this: HttpServer, event: string, ...given: unknown[]) {
    const [request, response] = given
    const pass = () => Reflect.apply(emit, this, [event, ...given])
    if (event !== 'request' || !(request instanceof IncomingMessage) || !(response instanceof ServerResponse)) return pass()
    const isHealthCheck = (request.url ?? '/').split('?')[0] === healthcheckPath
    if (isHealthCheck) response.once('finish', () => void (response.statusCode === 200 && turn.begin()))
    const badForMs = turn.badForMs()
    if (badForMs !== undefined && !isHealthCheck) number++
    const passIfThere = () => void (request.destroyed || pass())
    return takes?.({ request, response, isHealthCheck, badForMs, number, pass: passIfThere }, complain) || pass()
  } as typeof emit
}

if (take(preloadVariables.isBroken) === '1') {
  complain('the service cannot start', { err: { type: 'Error', code: 'EIO', message: 'EIO: i/o error, read' } })
  process.exit(1)
}
const behaviour: Behaviour = behaviours[take(preloadVariables.behaviour) as BehaviourName] ?? behaviours.good
const [healthcheckPath, goodForMs, isChecked] = [
  take(preloadVariables.healthcheckPath),
  Number(take(preloadVariables.goodForMs)),
  take(preloadVariables.isChecked) === '1',
]
const turn = createTurn(behaviour, goodForMs)
endWithThePlayground()
listenOnLoopback(() => isChecked || turn.begin())
behave(behaviour, healthcheckPath, turn)
