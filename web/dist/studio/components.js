import{u as e}from"./viewer.js";var t=e(`
  query StudioComponents($slug: String!, $after: String) {
    frontend(slug: $slug) {
      components(first: 100, after: $after) {
        totalCount
        pageInfo { hasNextPage endCursor }
        edges { node { id key title category versions { id version } } }
      }
    }
  }
`);export{t};