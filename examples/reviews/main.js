// A service that joins the graph of a Sonata: reviews of products, in a database of their own. It adds fields to the
// products of the catalog, which is written in another language and knows nothing of it. docs/guides/services.md goes
// through both.
import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { Feed } from './feed.js'
import { contribution } from './resolvers.js'
import { serve } from './server.js'
import { Store } from './store.js'
import { subgraph } from './subgraph.js'

const usage = `reviews: a service of a Sonata

  --listen     address to answer at (127.0.0.1:8092, or the port in PORT)
  --database   file of the database (data/reviews.db)
`

async function main() {
  const { values } = parseArgs({
    options: {
      listen: { type: 'string', default: `127.0.0.1:${process.env.PORT || 8092}` },
      database: { type: 'string', default: 'data/reviews.db' },
      help: { type: 'boolean', short: 'h' },
    },
  })
  if (values.help) return void process.stdout.write(usage)
  const [, host, port] = /^(?:\[?([^[\]]*?)\]?):(\d+)$/.exec(values.listen) ?? []
  if (port === undefined || Number(port) > 65535) throw new Error(`--listen is an address like 127.0.0.1:8092, not ${values.listen}`)

  // npm changes into this folder; a file is meant from where npm was typed.
  const file = resolve(process.env.INIT_CWD ?? '.', values.database)
  const store = new Store(file)
  const { resolvers, entities } = contribution(store, new Feed())
  const { server, stop } = serve(subgraph(readFileSync(new URL('schema.graphql', import.meta.url), 'utf8'), resolvers, entities))

  const address = await new Promise((done, failed) => {
    server.once('error', failed)
    server.listen(Number(port), host, () => done(server.address()))
  }).finally(() => server.listening || store.close())
  process.stdout.write(greeting(`http://${address.family === 'IPv6' ? `[${address.address}]` : address.address}:${address.port}`, file))

  // Ctrl-C reaches this process under npm, too. What ends it by a signal to one process runs node main.js: npm passes
  // nothing on to what its shell started.
  for (const signal of ['SIGINT', 'SIGTERM']) {
    process.once(signal, async () => {
      await stop()
      store.close()
    })
  }
}

/** @param {string} address @param {string} file */
const greeting = (address, file) => `The reviews answer at ${address}/graphql; they are in ${file}.

To join the graph of a Sonata that runs on this machine (go run .), type in another terminal:

  go run . subgraph publish --service reviews --url ${address}/graphql --introspect

Stop it with Ctrl-C.
`

try {
  await main()
} catch (error) {
  console.error('reviews:', error instanceof Error ? error.message : error)
  process.exitCode = 1
}
