// What answers the fields of schema.graphql.
import DataLoader from 'dataloader'
import { badInput } from './subgraph.js'

/**
 * @typedef {import('./store.js').Store} Store
 * @typedef {import('./store.js').Review} Review
 * @typedef {import('./store.js').PageAsked} PageAsked
 * @typedef {import('./feed.js').Feed} Feed
 * @typedef {import('./subgraph.js').Context} Context
 * @typedef {{ product: string, stars: number, body: string, author: string }} ReviewAddInput
 */

const mostReviews = 100

/**
 * @param {Store} store
 * @param {Feed} feed
 */
export function contribution(store, feed) {
  // The gateway asks for a list of products at once; a loader makes one question to the database of what their fields ask
  // one by one. Nothing is remembered: a subscription goes on for long. Where answers depend on who asks, make loaders for
  // each request instead.
  const once = { cache: false }
  const figures = new DataLoader(async (/** @type {readonly string[]} */ products) => store.figures(products), once)
  const pages = new DataLoader(async (/** @type {readonly PageAsked[]} */ asked) => store.pages(asked), once)

  const resolvers = {
    Query: {
      latestReviews: (/** @type {unknown} */ _, /** @type {{ first: number }} */ { first }) => store.latest(checkedFirst(first)),
    },
    Mutation: {
      reviewAdd: (/** @type {unknown} */ _, /** @type {{ input: ReviewAddInput }} */ { input }, /** @type {Context} */ context) =>
        addReview(store, feed, input, context),
    },
    Subscription: {
      reviewAdded: (/** @type {unknown} */ _, /** @type {{ product?: string | null }} */ { product }) =>
        feed.follow((review) => product == null || review.product === product),
    },
    Review: {
      product: (/** @type {Review} */ { product }) => ({ id: product }),
    },
    Product: {
      averageStars: async (/** @type {{ id: string }} */ { id }) => (await figures.load(id)).average,
      reviewCount: async (/** @type {{ id: string }} */ { id }) => (await figures.load(id)).count,
      reviews: async (/** @type {{ id: string }} */ { id }, /** @type {{ first: number, after?: string | null }} */ { first, after }) => {
        const asked = { product: id, first: checkedFirst(first), after: after == null ? null : idOf(after) }
        return connection(await pages.load(asked), asked, async () => (await figures.load(id)).count)
      },
    },
  }
  const entities = {
    Review: (/** @type {{ id: string }[]} */ keys) => store.byIds(keys.map(({ id }) => id)),
    Product: (/** @type {{ id: string }[]} */ keys) => keys, // whether there is such a product, its own service says
  }
  return { resolvers, entities }
}

/**
 * @param {Store} store
 * @param {Feed} feed
 * @param {ReviewAddInput} input
 * @param {Context} context
 */
function addReview(store, feed, input, context) {
  // Everybody may write here, under any name. A service where that matters takes the author from the header
  // Sonata-Identity instead: a JWT that says who asks, to be checked with the keys at /.well-known/jwks.json of Sonata
  // (docs/guides/services.md).
  const review = { product: input.product.trim(), stars: input.stars, body: input.body.trim(), author: input.author.trim() }
  const userErrors = problemsOf(review)
  if (userErrors.length > 0) return { review: null, userErrors }
  const key = context.headers['idempotency-key']
  const { review: kept, added } = store.add(review, typeof key === 'string' ? key.slice(0, 200) : null)
  if (added) feed.publish(kept)
  return { review: kept, userErrors }
}

/** @param {ReviewAddInput} input */
function problemsOf({ product, stars, body, author }) {
  /** @type {{ message: string, code: string, path: string[] }[]} */
  const problems = []
  /** @param {string} field @param {string} message */
  const invalid = (field, message) => problems.push({ message, code: 'INVALID', path: [field] })
  // Only the catalog knows which products there are. A review of one that is not is shown nowhere.
  if (!within(product, 64)) invalid('product', 'product is the id of a product')
  if (stars < 1 || stars > 5) invalid('stars', 'stars is a number from 1 to 5')
  if (!within(body, 2000)) invalid('body', 'body has 1 to 2000 characters')
  if (!within(author, 80)) invalid('author', 'author has 1 to 80 characters')
  return problems
}

/** @param {string} text @param {number} most */
const within = (text, most) => text !== '' && [...text].length <= most && !text.includes('\0')

/** @param {number} first */
function checkedFirst(first) {
  if (first < 1 || first > mostReviews) throw badInput(`first is a number from 1 to ${mostReviews}`)
  return first
}

/**
 * @param {Review[]} found one more than asked for, where there is one
 * @param {PageAsked} asked
 * @param {() => Promise<number>} totalCount is asked for when it is selected
 */
function connection(found, { first, after }, totalCount) {
  const edges = found.slice(0, first).map((node) => ({ cursor: cursorOf(node.id), node }))
  return {
    edges,
    pageInfo: {
      hasNextPage: found.length > first,
      hasPreviousPage: after != null,
      startCursor: edges.at(0)?.cursor,
      endCursor: edges.at(-1)?.cursor,
    },
    totalCount,
  }
}

// Cursors say nothing to clients, so that another order of pages can have others.
/** @param {string} id */
const cursorOf = (id) => Buffer.from(`review ${id}`).toString('base64url')

/** @param {string} cursor */
function idOf(cursor) {
  const id = /^review (\d{1,15})$/.exec(Buffer.from(cursor, 'base64url').toString())?.[1]
  if (!id) throw badInput('after is the cursor of an edge, as it was answered')
  return Number(id)
}
