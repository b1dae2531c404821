import { type Answer, ScimClient, ScimClientError } from '../../client/index.js'
import { propertiesOf } from '../../is-object.js'
import { openApiDocument, readService } from '../../openapi/index.js'
import { type Command, textOf } from '../shared/command.js'
import { clientOptions, connectionOptions, mustAnswer } from '../shared/connection.js'
import { UsageError } from '../shared/io.js'

export const openApiCommand: Command = {
  name: 'openapi',
  arguments: ['URL'],
  summary: 'Write an OpenAPI 3.1 document of a service provider.',
  description: [
    'Reads the discovery endpoints of a service provider (/ServiceProviderConfig, /ResourceTypes, /Schemas) and writes an OpenAPI 3.1 document: resources, parameters, bodies, headers and answers of each operation. The command changes nothing at the server.',
    'For a service made with this library, scim.openapi() writes a more exact document: it lists each status that the service answers.',
  ],
  options: {
    output: { type: 'string', short: 'o', value: 'FILE', help: 'Write to a file, not to standard output.' },
    title: { type: 'string', value: 'TEXT', help: 'Title of the document. Default SCIM 2.0.' },
    'api-version': { type: 'string', value: 'TEXT', help: 'Version of the API. Default 2.0.' },
    ...connectionOptions,
  },
  exits: [
    ['0', 'The document was written.'],
    ['2', 'There is no service provider, or its discovery endpoints cannot be read.'],
  ],
  examples: [
    ['SCIM_TOKEN=… npx express-scim openapi https://app.example/scim/v2 --output scim.json', 'a document in a file'],
    ['npx express-scim openapi URL --token-file token.txt --title Acme > acme.json', 'with the token in a file'],
  ],
  run: async ({ arguments: [url = ''], values }, io) => {
    const options = await clientOptions(url, values, io)
    await mustAnswer(url, options)
    const client = new ScimClient(url, options)
    const discovered = await discover(client)
    const title = textOf(values, 'title')
    const version = textOf(values, 'api-version')
    const document = openApiDocument(readService(discovered), {
      url: client.base,
      ...(title !== undefined && { title }),
      ...(version !== undefined && { version }),
    })
    const text = `${JSON.stringify(document, undefined, 2)}\n`
    const file = textOf(values, 'output')
    if (file === undefined) io.out(text)
    else {
      await io.writeFile(file, text)
      io.err(`Wrote ${file}: ${Object.keys(document.paths).length} paths.\n`)
    }
    return 0
  },
}

type DiscoveryBody = Readonly<Record<string, unknown>>

/** The answers of the discovery endpoints. Throws a {@link UsageError} if the service does not have them. */
async function discover(client: ScimClient): Promise<Parameters<typeof readService>[0]> {
  const read = async (path: string): Promise<Answer> => {
    const answer = await client.send('GET', path).catch((error: unknown) => {
      if (error instanceof ScimClientError) throw new UsageError(error.message)
      throw error
    })
    if (answer.status === 401 || answer.status === 403)
      throw new UsageError(
        `The server refuses the credentials: GET ${path} is answered with ${answer.status}. Set SCIM_TOKEN.`,
      )
    if (answer.status !== 200 || typeof answer.body !== 'object' || answer.body === null)
      throw new UsageError(`GET ${path} is answered with ${answer.status}. Is the base URL right?`)
    return answer
  }
  const list = async (path: string): Promise<readonly DiscoveryBody[]> => {
    const { body } = await read(path)
    // Some servers answer with a plain array.
    const found: unknown = Array.isArray(body) ? body : propertiesOf(body).Resources
    return Array.isArray(found) ? found : []
  }
  const { body } = await read('/ServiceProviderConfig')
  return { config: propertiesOf(body), resourceTypes: await list('/ResourceTypes'), schemas: await list('/Schemas') }
}
