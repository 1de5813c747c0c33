// What the editor asks the server for.
import { graphql } from '../../gql';

/** Screens have keys in addresses and ids in the graph. */
export const FIND = graphql(`
  query StudioEditorFind($slug: String!, $key: String!, $after: String) {
    frontend(slug: $slug) {
      screens(first: 100, after: $after, filter: { query: $key }) { pageInfo { hasNextPage endCursor } edges { node { id key } } }
    }
  }
`);

export const SCREEN = graphql(`
  query StudioEditorScreen($id: ID!) {
    node(id: $id) {
      ... on Screen {
        id key title path version status
        problems { severity code message blockKey pointer }
        blocks { key component major props slots { name blocks } }
      }
    }
  }
`);

/** The same without what only edits change. */
export const FACTS = graphql(`
  query StudioEditorFacts($id: ID!) {
    node(id: $id) {
      ... on Screen { title path version status problems { severity code message blockKey pointer } }
    }
  }
`);

export const CATALOGUE = graphql(`
  query StudioEditorCatalogue($slug: String!, $after: String) {
    frontend(slug: $slug) {
      components(first: 100, after: $after) {
        pageInfo { hasNextPage endCursor }
        edges { node { key title category versions { version propsSchema uiSchema slots fallback examples } } }
      }
    }
  }
`);

/** `whole` asks for the blocks, too: after an answer that was lost it is not known what they are. */
export const EDIT = graphql(`
  mutation StudioEditorEdit($input: ScreenEditInput!, $whole: Boolean!) {
    screenEdit(input: $input) {
      screen {
        title path version status
        problems { severity code message blockKey pointer }
        blocks @include(if: $whole) { key component major props slots { name blocks } }
      }
      userErrors {
        code message path
        ... on InputError { pointer }
        ... on VersionConflict {
          conflictingBlocks
          current { title path version status problems { severity code message blockKey pointer } blocks { key component major props slots { name blocks } } }
        }
      }
    }
  }
`);

export const DRAFT = graphql(`
  subscription StudioEditorDraft($screen: ID!, $since: Int!) {
    draft(screen: $screen, since: $since) {
      fromVersion
      ops { kind key component major parent slot index props patch }
      actor { name }
      screen { title path version status problems { severity code message blockKey pointer } }
    }
  }
`);

export const PRESENCE = graphql(`
  subscription StudioEditorPresence($screen: ID!, $client: String!, $name: String!) {
    presence(screen: $screen, client: $client, name: $name) { people { id name blockKey you } }
  }
`);

export const PRESENCE_SET = graphql(`
  mutation StudioEditorPresenceSet($input: PresenceSetInput!) {
    presenceSet(input: $input) { userErrors { message } }
  }
`);
