import { readFileSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { minifyIntrospection, outputIntrospectionFile } from 'gql.tada/internal'
import { buildSchema, introspectionFromSchema } from 'graphql'

/*
 * Writes src/adapters/railway/introspection.d.ts, the types of Railway's GraphQL API, from the emulated Railway's schema.
 * `node tools/railway-types.ts` writes it; `--check` writes nothing and fails where it is not up to date.
 */

const schemaFile = new URL('../playground/railway/schema.graphql', import.meta.url)
const typesFile = new URL('../src/adapters/railway/introspection.d.ts', import.meta.url)

const schema = introspectionFromSchema(buildSchema(readFileSync(schemaFile, 'utf8')))
const types = outputIntrospectionFile(minifyIntrospection(schema), { fileType: '.d.ts', shouldPreprocess: true })

if (!process.argv.includes('--check')) {
  writeFileSync(typesFile, types)
  console.log(`Written: ${fileURLToPath(typesFile)}`)
} else if (readFileSync(typesFile, 'utf8') === types) {
  console.log('The Railway types are up to date.')
} else {
  console.error('The Railway types are out of date: run `node tools/railway-types.ts`.')
  process.exitCode = 1
}
