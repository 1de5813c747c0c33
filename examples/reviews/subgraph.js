// What makes a schema a subgraph of Apollo Federation 2: _service answers its text, _entities looks up what other services
// know the key of. That is all, so it is written here; your framework may have it built in.
import { buildSchema, GraphQLError, isObjectType } from 'graphql'

const federation = `
  directive @link(url: String!, as: String, import: [String]) repeatable on SCHEMA
  directive @key(fields: String!, resolvable: Boolean = true) repeatable on OBJECT | INTERFACE
  directive @shareable repeatable on OBJECT | FIELD_DEFINITION
  directive @listSize(assumedSize: Int, slicingArguments: [String!], sizedFields: [String!], requireOneSlicingArgument: Boolean = true) on FIELD_DEFINITION
  scalar _Any
  type _Service { sdl: String! }
  extend type Query { _service: _Service! _entities(representations: [_Any!]!): [_Entity]! }
`

/**
 * @typedef {{ headers: import('node:http').IncomingHttpHeaders }} Context
 * @typedef {(parent: any, args: any, context: Context) => any} Resolver
 * @typedef {(keys: any[], context: Context) => any} Lookup takes all keys that are asked for at once, and answers in their order
 * @typedef {{ __typename: string, [key: string]: unknown }} Representation
 */

/**
 * @param {string} sdl
 * @param {Record<string, Record<string, Resolver>>} resolvers by type and field; those of Subscription answer an async iterator
 * @param {Record<string, Lookup>} entities by type
 */
export function subgraph(sdl, resolvers, entities) {
  const schema = buildSchema(`${sdl}${federation}union _Entity = ${Object.keys(entities).join(' | ')}`)
  const all = {
    ...resolvers,
    Query: {
      ...resolvers.Query,
      _service: () => ({ sdl }),
      _entities: (/** @type {any} */ _, /** @type {{ representations: Representation[] }} */ args, /** @type {Context} */ context) =>
        lookUp(entities, args.representations, context),
    },
  }
  for (const [typeName, fields] of Object.entries(all)) {
    const type = schema.getType(typeName)
    for (const [name, resolve] of Object.entries(fields)) {
      const field = isObjectType(type) ? type.getFields()[name] : undefined
      if (!field) throw new Error(`the schema has no field ${typeName}.${name}`)
      field[typeName === 'Subscription' ? 'subscribe' : 'resolve'] = guarded(`${typeName}.${name}`, resolve)
    }
  }
  return schema
}

/**
 * Looks up all entities of one type with one call, and answers in the order of the question.
 * @param {Record<string, Lookup>} entities
 * @param {Representation[]} representations
 * @param {Context} context
 */
async function lookUp(entities, representations, context) {
  /** @type {unknown[]} */
  const found = representations.map(() => null)
  const types = new Set(representations.map((r) => r?.__typename))
  await Promise.all(
    [...types].map(async (type) => {
      const look = Object.hasOwn(entities, type) ? entities[type] : undefined
      if (!look) throw badInput(`${type} is no entity of this service`)
      const places = [...representations.keys()].filter((i) => representations[i].__typename === type)
      const values = await look(places.map((i) => representations[i]), context)
      places.forEach((place, i) => {
        found[place] = values[i] && { ...values[i], __typename: type }
      })
    }),
  )
  return found
}

/** @param {string} message */
export const badInput = (message) => new GraphQLError(message, { extensions: { code: 'BAD_USER_INPUT' } })

/**
 * What was not written for clients is logged and not told to them: it may tell of the database.
 * @param {string} field
 * @param {Resolver} resolve
 * @returns {Resolver}
 */
function guarded(field, resolve) {
  return async (parent, args, context) => {
    try {
      return await resolve(parent, args, context)
    } catch (error) {
      if (error instanceof GraphQLError) throw error
      console.error(`${field} failed:`, error)
      throw new GraphQLError('internal error', { extensions: { code: 'INTERNAL' } })
    }
  }
}
