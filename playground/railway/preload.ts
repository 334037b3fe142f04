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

function listenOnLoopback(): void {
  const listen = Server.prototype.listen
  Server.prototype.listen = function (this: Server, ...given: unknown[]) {
    this.once('listening', () => process.connected && process.send?.('listening'))
    const [first, ...rest] = given
    if (typeof first === 'object' && first !== null && 'port' in first) given = [{ ...first, host: '127.0.0.1' }, ...rest]
    else if (typeof first === 'number') given = [first, '127.0.0.1', ...rest.filter((one) => typeof one !== 'string')]
    return Reflect.apply(listen, this, given)
  } as typeof listen
}

function behave(behaviour: Behaviour, healthcheckPath: string): void {
  if (!behaviour.request) return
  const emit = HttpServer.prototype.emit
  HttpServer.prototype.emit = function (this: HttpServer, event: string, ...given: unknown[]) {
    const [request, response] = given
    if (event === 'request' && request instanceof IncomingMessage && response instanceof ServerResponse) {
      if (behaviour.request?.(request, response, healthcheckPath)) return true
    }
    return Reflect.apply(emit, this, [event, ...given])
  } as typeof emit
}

endWithThePlayground()
listenOnLoopback()
behave(behaviours[take(preloadVariables.behaviour) as BehaviourName] ?? behaviours.good, take(preloadVariables.healthcheckPath))
