import { graphql } from '../../gql';

export const UPDATE = graphql(`
  mutation StudioEditorUpdate($input: ScreenUpdateInput!) {
    screenUpdate(input: $input) {
      screen { title path version status problems { severity code message blockKey pointer } }
      userErrors { code message ... on VersionConflict { current { title path version status problems { severity code message blockKey pointer } } } }
    }
  }
`);

export const REVERT = graphql(`
  mutation StudioEditorRevert($input: ScreenRevertInput!) {
    screenRevert(input: $input) { screen { version } userErrors { message } }
  }
`);

export const DELETE = graphql(`
  mutation StudioEditorDelete($input: ScreenDeleteInput!) {
    screenDelete(input: $input) { deletedId userErrors { message } }
  }
`);

/** Brings a deleted screen back as it was: the key of a deleted screen can be used again. */
export const BRING_BACK = graphql(`
  mutation StudioEditorBringBack($input: ScreenCreateInput!) {
    screenCreate(input: $input) { screen { id key version } userErrors { message } }
  }
`);

export const DUPLICATE = graphql(`
  mutation StudioEditorDuplicate($input: ScreenDuplicateInput!) {
    screenDuplicate(input: $input) { screen { key } userErrors { message path } }
  }
`);
