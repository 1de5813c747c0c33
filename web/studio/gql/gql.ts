/* eslint-disable */
import * as types from './graphql';
import type { TypedDocumentNode as DocumentNode } from '@graphql-typed-document-node/core';

/**
 * Map of all GraphQL operations in the project.
 *
 * This map has several performance disadvantages:
 * 1. It is not tree-shakeable, so it will include all operations in the project.
 * 2. It is not minifiable, so the string of a GraphQL query will be multiple times inside the bundle.
 * 3. It does not support dead code elimination, so it will add unused operations.
 *
 * Therefore it is highly recommended to use the babel or swc plugin for production.
 * Learn more about it here: https://the-guild.dev/graphql/codegen/plugins/presets/preset-client#reducing-bundle-size
 */
type Documents = {
    "\n  query StudioEditorFind($slug: String!, $key: String!, $after: String) {\n    frontend(slug: $slug) {\n      screens(first: 100, after: $after, filter: { query: $key }) { pageInfo { hasNextPage endCursor } edges { node { id key } } }\n    }\n  }\n": typeof types.StudioEditorFindDocument,
    "\n  query StudioEditorScreen($id: ID!) {\n    node(id: $id) {\n      ... on Screen {\n        id key title path version status\n        problems { severity code message blockKey pointer }\n        blocks { key component major props slots { name blocks } }\n      }\n    }\n  }\n": typeof types.StudioEditorScreenDocument,
    "\n  query StudioEditorCatalogue($slug: String!, $after: String) {\n    frontend(slug: $slug) {\n      components(first: 100, after: $after) {\n        pageInfo { hasNextPage endCursor }\n        edges { node { key title category versions { version propsSchema uiSchema slots fallback examples } } }\n      }\n    }\n  }\n": typeof types.StudioEditorCatalogueDocument,
    "\n  mutation StudioEditorEdit($input: ScreenEditInput!, $whole: Boolean!) {\n    screenEdit(input: $input) {\n      screen {\n        title path version status\n        problems { severity code message blockKey pointer }\n        blocks @include(if: $whole) { key component major props slots { name blocks } }\n      }\n      inverse { kind key component major parent slot index props patch }\n      rebased\n      userErrors {\n        code message path\n        ... on InputError { pointer }\n        ... on VersionConflict {\n          conflictingBlocks\n          current { title path version status problems { severity code message blockKey pointer } blocks { key component major props slots { name blocks } } }\n        }\n      }\n    }\n  }\n": typeof types.StudioEditorEditDocument,
    "\n  subscription StudioEditorDraft($screen: ID!, $since: Int!) {\n    draft(screen: $screen, since: $since) {\n      fromVersion\n      ops { kind key component major parent slot index props patch }\n      actor { name }\n      screen { title path version status problems { severity code message blockKey pointer } }\n    }\n  }\n": typeof types.StudioEditorDraftDocument,
    "\n  subscription StudioEditorPresence($screen: ID!, $client: String!, $name: String!) {\n    presence(screen: $screen, client: $client, name: $name) { people { id name blockKey you } }\n  }\n": typeof types.StudioEditorPresenceDocument,
    "\n  mutation StudioEditorPresenceSet($input: PresenceSetInput!) {\n    presenceSet(input: $input) { userErrors { message } }\n  }\n": typeof types.StudioEditorPresenceSetDocument,
    "\n  query StudioHome($slug: String!) {\n    frontend(slug: $slug) {\n      environments {\n        id key\n        live { id number title }\n        activations(first: 1) { edges { node { id kind at actor { name } } } }\n      }\n    }\n  }\n": typeof types.StudioHomeDocument,
    "\n  subscription StudioActivity($frontend: ID!) {\n    activity(frontend: $frontend) { kinds at }\n  }\n": typeof types.StudioActivityDocument,
    "\n  query StudioFrontend($slug: String!) {\n    frontend(slug: $slug) {\n      id\n      slug\n      name\n      origins\n      previewUrl\n      environments { id key delivery live { id number hash title createdAt } }\n    }\n  }\n": typeof types.StudioFrontendDocument,
    "\n  query StudioPending($slug: String!) {\n    frontend(slug: $slug) {\n      edited: screens(first: 0, filter: { status: EDITED }) { totalCount }\n      added: screens(first: 0, filter: { status: NEW }) { totalCount }\n      deleted: screens(first: 0, filter: { status: DELETED }) { totalCount }\n    }\n  }\n": typeof types.StudioPendingDocument,
    "\n  query StudioPalette($slug: String!) {\n    frontend(slug: $slug) {\n      screens(first: 100) { totalCount edges { node { id key title path } } }\n      components(first: 100) { edges { node { id key title category } } }\n      releases(first: 100) { edges { node { id number title } } }\n    }\n  }\n": typeof types.StudioPaletteDocument,
    "\n  query StudioPaletteSearch($slug: String!, $query: String!) {\n    frontend(slug: $slug) {\n      screens(first: 20, filter: { query: $query }) { edges { node { id key title path } } }\n    }\n  }\n": typeof types.StudioPaletteSearchDocument,
    "\n  query StudioPaletteBlocks($screen: ID!) {\n    node(id: $screen) { ... on Screen { id blocks { key component props } } }\n  }\n": typeof types.StudioPaletteBlocksDocument,
    "\n  query StudioUndoLast($slug: String!, $environment: String!) {\n    frontend(slug: $slug) {\n      environment(key: $environment) {\n        live { id number hash title }\n        activations(first: 1) { edges { node { id kind previous { id number title } } } }\n      }\n    }\n  }\n": typeof types.StudioUndoLastDocument,
    "\n  mutation StudioUndoPublish($input: ReleaseRollBackInput!) {\n    releaseRollBack(input: $input) {\n      release { number }\n      activation { delivery { frontends lastMs } }\n      userErrors { message }\n    }\n  }\n": typeof types.StudioUndoPublishDocument,
    "\n  mutation StudioScreenCreate($input: ScreenCreateInput!) {\n    screenCreate(input: $input) { screen { key } userErrors { message path } }\n  }\n": typeof types.StudioScreenCreateDocument,
    "\n  query StudioScreens($slug: String!, $filter: ScreenFilter, $after: String) {\n    frontend(slug: $slug) {\n      screens(first: 100, after: $after, filter: $filter) {\n        totalCount\n        pageInfo { hasNextPage endCursor }\n        edges { node { id key title path status updatedAt updatedBy { name } problems { severity } } }\n      }\n    }\n  }\n": typeof types.StudioScreensDocument,
    "\n  query StudioFrontends {\n    frontends(first: 100) { edges { node { id slug name } } }\n  }\n": typeof types.StudioFrontendsDocument,
    "\n  mutation StudioFrontendCreate($input: FrontendCreateInput!) {\n    frontendCreate(input: $input) { frontend { slug } userErrors { message path } }\n  }\n": typeof types.StudioFrontendCreateDocument,
    "\n  query WelcomeState($slug: String!) {\n    frontend(slug: $slug) {\n      edited: screens(first: 0, filter: { status: EDITED }) { totalCount }\n      environment { live { number } activations(first: 1) { edges { node { kind sequence } } } }\n    }\n  }\n": typeof types.WelcomeStateDocument,
};
const documents: Documents = {
    "\n  query StudioEditorFind($slug: String!, $key: String!, $after: String) {\n    frontend(slug: $slug) {\n      screens(first: 100, after: $after, filter: { query: $key }) { pageInfo { hasNextPage endCursor } edges { node { id key } } }\n    }\n  }\n": types.StudioEditorFindDocument,
    "\n  query StudioEditorScreen($id: ID!) {\n    node(id: $id) {\n      ... on Screen {\n        id key title path version status\n        problems { severity code message blockKey pointer }\n        blocks { key component major props slots { name blocks } }\n      }\n    }\n  }\n": types.StudioEditorScreenDocument,
    "\n  query StudioEditorCatalogue($slug: String!, $after: String) {\n    frontend(slug: $slug) {\n      components(first: 100, after: $after) {\n        pageInfo { hasNextPage endCursor }\n        edges { node { key title category versions { version propsSchema uiSchema slots fallback examples } } }\n      }\n    }\n  }\n": types.StudioEditorCatalogueDocument,
    "\n  mutation StudioEditorEdit($input: ScreenEditInput!, $whole: Boolean!) {\n    screenEdit(input: $input) {\n      screen {\n        title path version status\n        problems { severity code message blockKey pointer }\n        blocks @include(if: $whole) { key component major props slots { name blocks } }\n      }\n      inverse { kind key component major parent slot index props patch }\n      rebased\n      userErrors {\n        code message path\n        ... on InputError { pointer }\n        ... on VersionConflict {\n          conflictingBlocks\n          current { title path version status problems { severity code message blockKey pointer } blocks { key component major props slots { name blocks } } }\n        }\n      }\n    }\n  }\n": types.StudioEditorEditDocument,
    "\n  subscription StudioEditorDraft($screen: ID!, $since: Int!) {\n    draft(screen: $screen, since: $since) {\n      fromVersion\n      ops { kind key component major parent slot index props patch }\n      actor { name }\n      screen { title path version status problems { severity code message blockKey pointer } }\n    }\n  }\n": types.StudioEditorDraftDocument,
    "\n  subscription StudioEditorPresence($screen: ID!, $client: String!, $name: String!) {\n    presence(screen: $screen, client: $client, name: $name) { people { id name blockKey you } }\n  }\n": types.StudioEditorPresenceDocument,
    "\n  mutation StudioEditorPresenceSet($input: PresenceSetInput!) {\n    presenceSet(input: $input) { userErrors { message } }\n  }\n": types.StudioEditorPresenceSetDocument,
    "\n  query StudioHome($slug: String!) {\n    frontend(slug: $slug) {\n      environments {\n        id key\n        live { id number title }\n        activations(first: 1) { edges { node { id kind at actor { name } } } }\n      }\n    }\n  }\n": types.StudioHomeDocument,
    "\n  subscription StudioActivity($frontend: ID!) {\n    activity(frontend: $frontend) { kinds at }\n  }\n": types.StudioActivityDocument,
    "\n  query StudioFrontend($slug: String!) {\n    frontend(slug: $slug) {\n      id\n      slug\n      name\n      origins\n      previewUrl\n      environments { id key delivery live { id number hash title createdAt } }\n    }\n  }\n": types.StudioFrontendDocument,
    "\n  query StudioPending($slug: String!) {\n    frontend(slug: $slug) {\n      edited: screens(first: 0, filter: { status: EDITED }) { totalCount }\n      added: screens(first: 0, filter: { status: NEW }) { totalCount }\n      deleted: screens(first: 0, filter: { status: DELETED }) { totalCount }\n    }\n  }\n": types.StudioPendingDocument,
    "\n  query StudioPalette($slug: String!) {\n    frontend(slug: $slug) {\n      screens(first: 100) { totalCount edges { node { id key title path } } }\n      components(first: 100) { edges { node { id key title category } } }\n      releases(first: 100) { edges { node { id number title } } }\n    }\n  }\n": types.StudioPaletteDocument,
    "\n  query StudioPaletteSearch($slug: String!, $query: String!) {\n    frontend(slug: $slug) {\n      screens(first: 20, filter: { query: $query }) { edges { node { id key title path } } }\n    }\n  }\n": types.StudioPaletteSearchDocument,
    "\n  query StudioPaletteBlocks($screen: ID!) {\n    node(id: $screen) { ... on Screen { id blocks { key component props } } }\n  }\n": types.StudioPaletteBlocksDocument,
    "\n  query StudioUndoLast($slug: String!, $environment: String!) {\n    frontend(slug: $slug) {\n      environment(key: $environment) {\n        live { id number hash title }\n        activations(first: 1) { edges { node { id kind previous { id number title } } } }\n      }\n    }\n  }\n": types.StudioUndoLastDocument,
    "\n  mutation StudioUndoPublish($input: ReleaseRollBackInput!) {\n    releaseRollBack(input: $input) {\n      release { number }\n      activation { delivery { frontends lastMs } }\n      userErrors { message }\n    }\n  }\n": types.StudioUndoPublishDocument,
    "\n  mutation StudioScreenCreate($input: ScreenCreateInput!) {\n    screenCreate(input: $input) { screen { key } userErrors { message path } }\n  }\n": types.StudioScreenCreateDocument,
    "\n  query StudioScreens($slug: String!, $filter: ScreenFilter, $after: String) {\n    frontend(slug: $slug) {\n      screens(first: 100, after: $after, filter: $filter) {\n        totalCount\n        pageInfo { hasNextPage endCursor }\n        edges { node { id key title path status updatedAt updatedBy { name } problems { severity } } }\n      }\n    }\n  }\n": types.StudioScreensDocument,
    "\n  query StudioFrontends {\n    frontends(first: 100) { edges { node { id slug name } } }\n  }\n": types.StudioFrontendsDocument,
    "\n  mutation StudioFrontendCreate($input: FrontendCreateInput!) {\n    frontendCreate(input: $input) { frontend { slug } userErrors { message path } }\n  }\n": types.StudioFrontendCreateDocument,
    "\n  query WelcomeState($slug: String!) {\n    frontend(slug: $slug) {\n      edited: screens(first: 0, filter: { status: EDITED }) { totalCount }\n      environment { live { number } activations(first: 1) { edges { node { kind sequence } } } }\n    }\n  }\n": types.WelcomeStateDocument,
};

/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 *
 *
 * @example
 * ```ts
 * const query = graphql(`query GetUser($id: ID!) { user(id: $id) { name } }`);
 * ```
 *
 * The query argument is unknown!
 * Please regenerate the types.
 */
export function graphql(source: string): unknown;

/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query StudioEditorFind($slug: String!, $key: String!, $after: String) {\n    frontend(slug: $slug) {\n      screens(first: 100, after: $after, filter: { query: $key }) { pageInfo { hasNextPage endCursor } edges { node { id key } } }\n    }\n  }\n"): (typeof documents)["\n  query StudioEditorFind($slug: String!, $key: String!, $after: String) {\n    frontend(slug: $slug) {\n      screens(first: 100, after: $after, filter: { query: $key }) { pageInfo { hasNextPage endCursor } edges { node { id key } } }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query StudioEditorScreen($id: ID!) {\n    node(id: $id) {\n      ... on Screen {\n        id key title path version status\n        problems { severity code message blockKey pointer }\n        blocks { key component major props slots { name blocks } }\n      }\n    }\n  }\n"): (typeof documents)["\n  query StudioEditorScreen($id: ID!) {\n    node(id: $id) {\n      ... on Screen {\n        id key title path version status\n        problems { severity code message blockKey pointer }\n        blocks { key component major props slots { name blocks } }\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query StudioEditorCatalogue($slug: String!, $after: String) {\n    frontend(slug: $slug) {\n      components(first: 100, after: $after) {\n        pageInfo { hasNextPage endCursor }\n        edges { node { key title category versions { version propsSchema uiSchema slots fallback examples } } }\n      }\n    }\n  }\n"): (typeof documents)["\n  query StudioEditorCatalogue($slug: String!, $after: String) {\n    frontend(slug: $slug) {\n      components(first: 100, after: $after) {\n        pageInfo { hasNextPage endCursor }\n        edges { node { key title category versions { version propsSchema uiSchema slots fallback examples } } }\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation StudioEditorEdit($input: ScreenEditInput!, $whole: Boolean!) {\n    screenEdit(input: $input) {\n      screen {\n        title path version status\n        problems { severity code message blockKey pointer }\n        blocks @include(if: $whole) { key component major props slots { name blocks } }\n      }\n      inverse { kind key component major parent slot index props patch }\n      rebased\n      userErrors {\n        code message path\n        ... on InputError { pointer }\n        ... on VersionConflict {\n          conflictingBlocks\n          current { title path version status problems { severity code message blockKey pointer } blocks { key component major props slots { name blocks } } }\n        }\n      }\n    }\n  }\n"): (typeof documents)["\n  mutation StudioEditorEdit($input: ScreenEditInput!, $whole: Boolean!) {\n    screenEdit(input: $input) {\n      screen {\n        title path version status\n        problems { severity code message blockKey pointer }\n        blocks @include(if: $whole) { key component major props slots { name blocks } }\n      }\n      inverse { kind key component major parent slot index props patch }\n      rebased\n      userErrors {\n        code message path\n        ... on InputError { pointer }\n        ... on VersionConflict {\n          conflictingBlocks\n          current { title path version status problems { severity code message blockKey pointer } blocks { key component major props slots { name blocks } } }\n        }\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  subscription StudioEditorDraft($screen: ID!, $since: Int!) {\n    draft(screen: $screen, since: $since) {\n      fromVersion\n      ops { kind key component major parent slot index props patch }\n      actor { name }\n      screen { title path version status problems { severity code message blockKey pointer } }\n    }\n  }\n"): (typeof documents)["\n  subscription StudioEditorDraft($screen: ID!, $since: Int!) {\n    draft(screen: $screen, since: $since) {\n      fromVersion\n      ops { kind key component major parent slot index props patch }\n      actor { name }\n      screen { title path version status problems { severity code message blockKey pointer } }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  subscription StudioEditorPresence($screen: ID!, $client: String!, $name: String!) {\n    presence(screen: $screen, client: $client, name: $name) { people { id name blockKey you } }\n  }\n"): (typeof documents)["\n  subscription StudioEditorPresence($screen: ID!, $client: String!, $name: String!) {\n    presence(screen: $screen, client: $client, name: $name) { people { id name blockKey you } }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation StudioEditorPresenceSet($input: PresenceSetInput!) {\n    presenceSet(input: $input) { userErrors { message } }\n  }\n"): (typeof documents)["\n  mutation StudioEditorPresenceSet($input: PresenceSetInput!) {\n    presenceSet(input: $input) { userErrors { message } }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query StudioHome($slug: String!) {\n    frontend(slug: $slug) {\n      environments {\n        id key\n        live { id number title }\n        activations(first: 1) { edges { node { id kind at actor { name } } } }\n      }\n    }\n  }\n"): (typeof documents)["\n  query StudioHome($slug: String!) {\n    frontend(slug: $slug) {\n      environments {\n        id key\n        live { id number title }\n        activations(first: 1) { edges { node { id kind at actor { name } } } }\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  subscription StudioActivity($frontend: ID!) {\n    activity(frontend: $frontend) { kinds at }\n  }\n"): (typeof documents)["\n  subscription StudioActivity($frontend: ID!) {\n    activity(frontend: $frontend) { kinds at }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query StudioFrontend($slug: String!) {\n    frontend(slug: $slug) {\n      id\n      slug\n      name\n      origins\n      previewUrl\n      environments { id key delivery live { id number hash title createdAt } }\n    }\n  }\n"): (typeof documents)["\n  query StudioFrontend($slug: String!) {\n    frontend(slug: $slug) {\n      id\n      slug\n      name\n      origins\n      previewUrl\n      environments { id key delivery live { id number hash title createdAt } }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query StudioPending($slug: String!) {\n    frontend(slug: $slug) {\n      edited: screens(first: 0, filter: { status: EDITED }) { totalCount }\n      added: screens(first: 0, filter: { status: NEW }) { totalCount }\n      deleted: screens(first: 0, filter: { status: DELETED }) { totalCount }\n    }\n  }\n"): (typeof documents)["\n  query StudioPending($slug: String!) {\n    frontend(slug: $slug) {\n      edited: screens(first: 0, filter: { status: EDITED }) { totalCount }\n      added: screens(first: 0, filter: { status: NEW }) { totalCount }\n      deleted: screens(first: 0, filter: { status: DELETED }) { totalCount }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query StudioPalette($slug: String!) {\n    frontend(slug: $slug) {\n      screens(first: 100) { totalCount edges { node { id key title path } } }\n      components(first: 100) { edges { node { id key title category } } }\n      releases(first: 100) { edges { node { id number title } } }\n    }\n  }\n"): (typeof documents)["\n  query StudioPalette($slug: String!) {\n    frontend(slug: $slug) {\n      screens(first: 100) { totalCount edges { node { id key title path } } }\n      components(first: 100) { edges { node { id key title category } } }\n      releases(first: 100) { edges { node { id number title } } }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query StudioPaletteSearch($slug: String!, $query: String!) {\n    frontend(slug: $slug) {\n      screens(first: 20, filter: { query: $query }) { edges { node { id key title path } } }\n    }\n  }\n"): (typeof documents)["\n  query StudioPaletteSearch($slug: String!, $query: String!) {\n    frontend(slug: $slug) {\n      screens(first: 20, filter: { query: $query }) { edges { node { id key title path } } }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query StudioPaletteBlocks($screen: ID!) {\n    node(id: $screen) { ... on Screen { id blocks { key component props } } }\n  }\n"): (typeof documents)["\n  query StudioPaletteBlocks($screen: ID!) {\n    node(id: $screen) { ... on Screen { id blocks { key component props } } }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query StudioUndoLast($slug: String!, $environment: String!) {\n    frontend(slug: $slug) {\n      environment(key: $environment) {\n        live { id number hash title }\n        activations(first: 1) { edges { node { id kind previous { id number title } } } }\n      }\n    }\n  }\n"): (typeof documents)["\n  query StudioUndoLast($slug: String!, $environment: String!) {\n    frontend(slug: $slug) {\n      environment(key: $environment) {\n        live { id number hash title }\n        activations(first: 1) { edges { node { id kind previous { id number title } } } }\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation StudioUndoPublish($input: ReleaseRollBackInput!) {\n    releaseRollBack(input: $input) {\n      release { number }\n      activation { delivery { frontends lastMs } }\n      userErrors { message }\n    }\n  }\n"): (typeof documents)["\n  mutation StudioUndoPublish($input: ReleaseRollBackInput!) {\n    releaseRollBack(input: $input) {\n      release { number }\n      activation { delivery { frontends lastMs } }\n      userErrors { message }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation StudioScreenCreate($input: ScreenCreateInput!) {\n    screenCreate(input: $input) { screen { key } userErrors { message path } }\n  }\n"): (typeof documents)["\n  mutation StudioScreenCreate($input: ScreenCreateInput!) {\n    screenCreate(input: $input) { screen { key } userErrors { message path } }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query StudioScreens($slug: String!, $filter: ScreenFilter, $after: String) {\n    frontend(slug: $slug) {\n      screens(first: 100, after: $after, filter: $filter) {\n        totalCount\n        pageInfo { hasNextPage endCursor }\n        edges { node { id key title path status updatedAt updatedBy { name } problems { severity } } }\n      }\n    }\n  }\n"): (typeof documents)["\n  query StudioScreens($slug: String!, $filter: ScreenFilter, $after: String) {\n    frontend(slug: $slug) {\n      screens(first: 100, after: $after, filter: $filter) {\n        totalCount\n        pageInfo { hasNextPage endCursor }\n        edges { node { id key title path status updatedAt updatedBy { name } problems { severity } } }\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query StudioFrontends {\n    frontends(first: 100) { edges { node { id slug name } } }\n  }\n"): (typeof documents)["\n  query StudioFrontends {\n    frontends(first: 100) { edges { node { id slug name } } }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation StudioFrontendCreate($input: FrontendCreateInput!) {\n    frontendCreate(input: $input) { frontend { slug } userErrors { message path } }\n  }\n"): (typeof documents)["\n  mutation StudioFrontendCreate($input: FrontendCreateInput!) {\n    frontendCreate(input: $input) { frontend { slug } userErrors { message path } }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query WelcomeState($slug: String!) {\n    frontend(slug: $slug) {\n      edited: screens(first: 0, filter: { status: EDITED }) { totalCount }\n      environment { live { number } activations(first: 1) { edges { node { kind sequence } } } }\n    }\n  }\n"): (typeof documents)["\n  query WelcomeState($slug: String!) {\n    frontend(slug: $slug) {\n      edited: screens(first: 0, filter: { status: EDITED }) { totalCount }\n      environment { live { number } activations(first: 1) { edges { node { kind sequence } } } }\n    }\n  }\n"];

export function graphql(source: string) {
  return (documents as any)[source] ?? {};
}

export type DocumentType<TDocumentNode extends DocumentNode<any, any>> = TDocumentNode extends DocumentNode<  infer TType,  any>  ? TType  : never;