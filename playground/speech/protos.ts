import { createRequire } from 'node:module'
import { type GrpcObject, loadPackageDefinition, type ServiceClientConstructor, type ServiceDefinition } from '@grpc/grpc-js'
import { fromJSON } from '@grpc/proto-loader'

type Packaged = '@google-cloud/speech' | '@google-cloud/text-to-speech'

/** Google's own definitions of services, out of the package of their client: `google.cloud.speech.v1.Speech`. */
export function servicesOf(packaged: Packaged) {
  const json = createRequire(import.meta.url)(`${packaged}/build/protos/protos.json`)
  const definition = fromJSON(json, { keepCase: false, longs: String, enums: String, defaults: true, oneofs: true })
  const all = loadPackageDefinition(definition)
  return (name: string): ServiceDefinition => {
    let found: GrpcObject | ServiceClientConstructor = all
    for (const part of name.split('.')) found = (found as GrpcObject)[part] as GrpcObject | ServiceClientConstructor
    return (found as ServiceClientConstructor).service
  }
}
