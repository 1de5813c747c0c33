// The reviews, in an SQLite database of their own. It runs as WebAssembly in this process: nothing has to be compiled, and
// every statement is done when its call returns.
import { mkdirSync, readFileSync } from 'node:fs'
import { dirname } from 'node:path'
import sqlite from 'node-sqlite3-wasm'

/**
 * @typedef {{ id: string, product: string, stars: number, author: string, body: string, createdAt: string }} Review
 * @typedef {{ product: string, first: number, after: number | null }} PageAsked after is the id of a review
 * @typedef {{ average: number | null, count: number }} Figures
 */

const columns = 'r.id, r.product, r.stars, r.author, r.body, r.created_at'

/** @param {Record<string, any>} row @returns {Review} */
const reviewOf = (row) => ({
  id: String(row.id),
  product: row.product,
  stars: row.stars,
  author: row.author,
  body: row.body,
  createdAt: row.created_at,
})

export class Store {
  #db
  #onQuery

  /**
   * Opens the database in a file, which is made with some reviews in it when it is not there.
   * @param {string} file
   * @param {(sql: string) => void} onQuery is told each question to the database
   */
  constructor(file, onQuery = () => {}) {
    mkdirSync(dirname(file), { recursive: true })
    this.#db = new sqlite.Database(file)
    this.#onQuery = onQuery
    try {
      this.#db.exec('PRAGMA busy_timeout = 2000')
      this.#db.exec(readFileSync(new URL('schema.sql', import.meta.url), 'utf8'))
    } catch (error) {
      this.#db.close()
      // A process that was killed in the middle of a statement leaves its lock behind.
      throw new Error(`prepare the database ${file}: ${error}. If it is locked and no other process uses it, remove the folder ${file}.lock`)
    }
  }

  close() {
    this.#db.close()
  }

  /** @param {string} sql @param {any[]} values @returns {Record<string, any>[]} */
  #all(sql, values) {
    this.#onQuery(sql)
    return this.#db.all(sql, values)
  }

  /** @param {number} first */
  latest(first) {
    return this.#all(`SELECT ${columns} FROM reviews r ORDER BY r.id DESC LIMIT ?`, [first]).map(reviewOf)
  }

  /**
   * The reviews with these ids, in this order; null for what is not there.
   * @param {readonly string[]} ids
   * @returns {(Review | null)[]}
   */
  byIds(ids) {
    const found = new Map(
      this.#all(`SELECT ${columns} FROM reviews r WHERE CAST(r.id AS TEXT) IN (SELECT value FROM json_each(?))`, [JSON.stringify(ids)]).map(
        (row) => [String(row.id), reviewOf(row)],
      ),
    )
    return ids.map((id) => found.get(id) ?? null)
  }

  /**
   * How many reviews each of these products has, and their mean.
   * @param {readonly string[]} products
   * @returns {Figures[]}
   */
  figures(products) {
    const sql = `SELECT product, count(*) AS count, round(avg(stars), 1) AS average FROM reviews
      WHERE product IN (SELECT value FROM json_each(?)) GROUP BY product`
    const found = new Map(this.#all(sql, [JSON.stringify(products)]).map((row) => [row.product, { average: row.average, count: row.count }]))
    return products.map((product) => found.get(product) ?? { average: null, count: 0 })
  }

  /**
   * All these pages, the newest reviews first, with one question. Each has one review more than was asked for where there is
   * one, so that it is known whether there is a next page.
   * @param {readonly PageAsked[]} asked
   * @returns {Review[][]}
   */
  pages(asked) {
    const sql = `
      WITH asked AS (
        SELECT key AS page, value ->> 'product' AS product, value ->> 'first' AS first, value ->> 'after' AS after FROM json_each(?)
      ), ranked AS (
        SELECT ${columns}, asked.page, asked.first, row_number() OVER (PARTITION BY asked.page ORDER BY r.id DESC) AS place
        FROM asked JOIN reviews r ON r.product = asked.product AND (asked.after IS NULL OR r.id < asked.after)
      )
      SELECT * FROM ranked WHERE place <= first + 1 ORDER BY page, place`
    /** @type {Review[][]} */
    const pages = asked.map(() => [])
    for (const row of this.#all(sql, [JSON.stringify(asked)])) pages[row.page].push(reviewOf(row))
    return pages
  }

  /**
   * Adds a review. What comes a second time with the same key is not added again: the review of the first time is answered.
   * @param {Omit<Review, 'id' | 'createdAt'>} r
   * @param {string | null} key
   * @returns {{ review: Review, added: boolean }}
   */
  add(r, key) {
    const [row] = this.#all(
      `INSERT INTO reviews AS r (product, stars, author, body, created_at, idempotency_key) VALUES (?, ?, ?, ?, ?, ?)
      ON CONFLICT (idempotency_key) DO NOTHING RETURNING ${columns.replaceAll('r.', '')}`,
      [r.product, r.stars, r.author, r.body, `${new Date().toISOString().slice(0, 19)}Z`, key],
    )
    if (row) return { review: reviewOf(row), added: true }
    const [first] = this.#all(`SELECT ${columns} FROM reviews r WHERE r.idempotency_key = ?`, [key])
    return { review: reviewOf(first), added: false }
  }
}
