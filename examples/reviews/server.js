// GraphQL over HTTP, and subscriptions over graphql-transport-ws at the same address.
import { createServer } from 'node:http'
import { GraphQLError, parse, specifiedRules, validate } from 'graphql'
import { createHandler } from 'graphql-http'
import { useServer } from 'graphql-ws/use/ws'
import { WebSocketServer } from 'ws'

// Whoever asks past the gateway cannot ask for everything either.
const mostBytes = 1 << 20
const mostTokens = 5000
const mostDepth = 12

/** @param {import('graphql').GraphQLSchema} schema */
export function serve(schema) {
  const handle = createHandler({
    schema,
    parse: (source) => parse(source, { maxTokens: mostTokens }),
    validationRules: [depthRule],
    context: (request) => ({ headers: /** @type {any} */ (request.headers) }),
  })
  const server = createServer({ requestTimeout: 10_000 }, async (request, response) => {
    try {
      if (request.url?.split('?')[0] !== '/graphql') return void response.writeHead(404).end()
      if (request.method !== 'POST') return void response.writeHead(405, { Allow: 'POST' }).end()
      const body = await read(request)
      if (body === null) return void response.writeHead(413, { Connection: 'close' }).end()
      const { method, url, headers } = request
      const [answer, init] = await handle({ method, url, headers: /** @type {any} */ (headers), body, raw: request, context: undefined })
      response.writeHead(init.status, init.statusText, init.headers).end(answer)
    } catch (error) {
      if (!request.destroyed || request.complete) console.error('a request failed:', error)
      if (!response.headersSent) response.writeHead(500).end()
    }
  })
  const sockets = new WebSocketServer({ noServer: true, path: '/graphql', maxPayload: mostBytes })
  server.on('upgrade', (request, socket, head) => sockets.handleUpgrade(request, socket, head, (one) => sockets.emit('connection', one, request)))
  const streams = useServer(
    {
      schema,
      validate: (of, document) => validate(of, document, [...specifiedRules, depthRule]),
      context: ({ extra }) => ({ headers: extra.request.headers }),
    },
    sockets,
  )

  /** Ends the streams, answers what was asked already, and resolves when all is done. */
  const stop = async () => {
    const closed = new Promise((resolve) => server.close(resolve))
    await streams.dispose()
    const late = setTimeout(() => server.closeAllConnections(), 5000)
    await closed
    clearTimeout(late)
  }
  return { server, stop }
}

/**
 * The body of a request; null when it is too long.
 * @param {import('node:http').IncomingMessage} request
 */
async function read(request) {
  const chunks = []
  let length = 0
  for await (const chunk of request) {
    length += chunk.length
    if (length > mostBytes) return null
    chunks.push(chunk)
  }
  return Buffer.concat(chunks).toString()
}

/**
 * Refuses operations that go deeper than anybody needs: a review has a product, which has reviews, and so on.
 * @param {import('graphql').ValidationContext} context
 * @returns {import('graphql').ASTVisitor}
 */
function depthRule(context) {
  /** @type {Map<string, number>} */
  const ofFragments = new Map()
  /** @param {import('graphql').SelectionSetNode | undefined} set @returns {number} */
  const depthOf = (set) => Math.max(0, ...(set?.selections ?? []).map(depthOfOne))
  /** @param {import('graphql').SelectionNode} node @returns {number} */
  const depthOfOne = (node) => {
    if (node.kind === 'InlineFragment') return depthOf(node.selectionSet)
    if (node.kind === 'Field') return node.name.value.startsWith('__') ? 0 : 1 + depthOf(node.selectionSet)
    const name = node.name.value
    const known = ofFragments.get(name)
    if (known !== undefined) return known
    ofFragments.set(name, 0) // a fragment in itself is another rule's
    const depth = depthOf(context.getFragment(name)?.selectionSet)
    ofFragments.set(name, depth)
    return depth
  }
  return {
    OperationDefinition(node) {
      if (depthOf(node.selectionSet) > mostDepth) {
        context.reportError(new GraphQLError(`the operation is deeper than ${mostDepth} fields`, { nodes: node, extensions: { code: 'LIMIT' } }))
      }
    },
  }
}
