/** @typedef {import('./store.js').Review} Review */

// As many reviews wait for a reader that is slow; one that is slower ends, and its client reads again.
const mostWaiting = 1000

/** Feed hands what was added to everybody who follows it. With several processes of this service, a broker does that. */
export class Feed {
  /** @type {Set<(review: Review) => void>} */
  #readers = new Set()

  /** @param {Review} review */
  publish(review) {
    for (const read of this.#readers) read(review)
  }

  /**
   * What is added from now on. It is written out because a generator that waits cannot be ended from outside: a reader that
   * is gone would be kept until the next review.
   * @param {(review: Review) => boolean} wanted
   * @returns {AsyncIterableIterator<{ reviewAdded: Review }>}
   */
  follow(wanted) {
    const readers = this.#readers
    /** @type {Review[]} */
    const waiting = []
    /** @type {((result: IteratorResult<{ reviewAdded: Review }>) => void) | undefined} */
    let wake
    let ended = false
    const end = () => {
      ended = true
      readers.delete(read)
      wake?.({ done: true, value: undefined })
      wake = undefined
      return Promise.resolve({ done: /** @type {const} */ (true), value: undefined })
    }
    /** @param {Review} review */
    const read = (review) => {
      if (!wanted(review)) return
      if (waiting.length === mostWaiting) return void end()
      if (!wake) return void waiting.push(review)
      wake({ done: false, value: { reviewAdded: review } })
      wake = undefined
    }
    readers.add(read)
    return {
      [Symbol.asyncIterator]() {
        return this
      },
      next() {
        const review = waiting.shift()
        if (review) return Promise.resolve({ done: false, value: { reviewAdded: review } })
        if (ended) return end()
        return new Promise((resolve) => (wake = resolve))
      },
      return: end,
    }
  }
}
