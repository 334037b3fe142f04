import { createRequire } from 'node:module'
import { type GrpcObject, loadPackageDefinition, type ServiceClientConstructor, type ServiceDefinition } from '@grpc/grpc-js'
import { fromJSON } from '@grpc/proto-loader'

type Packaged = '@google-cloud/speech' | '@google-cloud/text-to-speech'

/** Google's own definition of a service, out of the package of its client: `google.cloud.speech.v1.Speech`. */
export function serviceOf(packaged: Packaged, name: string): ServiceDefinition {
  const json = createRequire(import.meta.url)(`${packaged}/build/protos/protos.json`)
  const definition = fromJSON(json, { keepCase: false, longs: String, enums: String, defaults: true, oneofs: true })
  let found: GrpcObject | ServiceClientConstructor = loadPackageDefinition(definition)
  for (const part of name.split('.')) found = (found as GrpcObject)[part] as GrpcObject | ServiceClientConstructor
  return (found as ServiceClientConstructor).service
}
