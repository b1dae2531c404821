// Lints OpenAPI documents: an array of them on standard input, an array of problems on standard output. The linter is a
// module of ECMAScript alone, which the runner of the tests does not load.
import { text } from 'node:stream/consumers'
import { createConfig, lintFromString } from '@redocly/openapi-core'

const config = await createConfig({
  extends: ['recommended-strict'],
  rules: {
    // The application chooses the license of its API.
    'info-license': 'off',
    // RFC 7644 has /Users/.search beside /Users/{id}. OpenAPI takes the path without a parameter first.
    'no-ambiguous-paths': 'off',
    'operation-operationId-unique': 'error',
    'operation-singular-tag': 'error',
    'operation-tag-defined': 'error',
    'no-invalid-schema-examples': 'error',
    'no-invalid-parameter-examples': 'error',
    'path-params-defined': 'error',
    'spec-strict-refs': 'error',
  },
})
const problems = []
for (const [index, document] of JSON.parse(await text(process.stdin)).entries()) {
  const found = await lintFromString({ source: JSON.stringify(document), absoluteRef: `${index}.json`, config })
  for (const { ruleId, message, location } of found)
    problems.push(`${index}: ${ruleId}: ${message} (${location[0]?.pointer ?? ''})`)
}
process.stdout.write(JSON.stringify(problems))
