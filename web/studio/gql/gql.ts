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
    "\n  query StudioAdmins {\n    members(first: 100) { edges { node { id name state grants { role frontend } } } }\n  }\n": typeof types.StudioAdminsDocument,
    "\n  query StudioViewer {\n    viewer { ...StudioViewerFacts }\n  }\n  fragment StudioViewerFacts on Viewer {\n    actor { id name }\n    credential\n    scopes\n    grants { role scopes frontend frontendSlug environments services }\n    member { id email name }\n  }\n": typeof types.StudioViewerDocument,
    "\n  mutation StudioSignOut { sessionEnd { userErrors { message } } }\n": typeof types.StudioSignOutDocument,
    "\n  mutation StudioSessionsEnd($input: MemberSessionsEndInput!) {\n    memberSessionsEnd(input: $input) { member { id } userErrors { message } }\n  }\n": typeof types.StudioSessionsEndDocument,
    "\n  mutation StudioPasswordChange($input: PasswordChangeInput!) {\n    passwordChange(input: $input) { viewer { ...StudioViewerFacts } userErrors { message code path } }\n  }\n": typeof types.StudioPasswordChangeDocument,
    "\n  subscription StudioAlerts {\n    alerts { alerts { id rule severity serviceName since message hint instance { id name } } }\n  }\n": typeof types.StudioAlertsDocument,
    "\n  query StudioApi($slug: String!, $environment: String!) {\n    frontend(slug: $slug) {\n      routes(environment: $environment) { path }\n      builds(first: 20) { totalCount edges { node { id name manifest registeredAt lastSeenAt } } }\n    }\n  }\n": typeof types.StudioApiDocument,
    "\n  query StudioKnownAssets($slug: String!, $hashes: [Hash!]!) {\n    frontend(slug: $slug) { assets(first: 100, hashes: $hashes) { edges { node { id hash url width height placeholder name } } } }\n  }\n": typeof types.StudioKnownAssetsDocument,
    "\n  query StudioAssets($slug: String!, $query: String, $after: String) {\n    frontend(slug: $slug) {\n      assets(first: 40, after: $after, query: $query) {\n        edges { node { id hash url width height placeholder name } }\n        pageInfo { hasNextPage endCursor }\n        totalCount\n      }\n    }\n  }\n": typeof types.StudioAssetsDocument,
    "\n  query StudioAudit($after: String, $subject: ID, $filter: AuditFilter) {\n    auditLog(first: 50, after: $after, subject: $subject, filter: $filter) {\n      totalCount\n      pageInfo { hasNextPage endCursor }\n      edges { cursor node { id at actor { id kind name } action frontend subjectId subjectLabel requestId } }\n    }\n  }\n": typeof types.StudioAuditDocument,
    "\n  query StudioAuditEntry($id: ID!) {\n    node(id: $id) { ... on AuditEntry { id sequence detail requestId hash previousHash } }\n  }\n": typeof types.StudioAuditEntryDocument,
    "\n  query StudioAuditHead {\n    auditLog(first: 1) { edges { cursor node { id at hash } } }\n  }\n": typeof types.StudioAuditHeadDocument,
    "\n  query StudioAuditRefusals($after: String) {\n    auditRefusals(first: 50, after: $after) {\n      totalCount\n      pageInfo { hasNextPage endCursor }\n      edges { cursor node { at actor { id kind name } source action code count } }\n    }\n  }\n": typeof types.StudioAuditRefusalsDocument,
    "\n  query StudioAuditMembers { members(first: 100) { edges { node { id name } } } }\n": typeof types.StudioAuditMembersDocument,
    "\n  query StudioAuditKeys { apiKeys(first: 100) { edges { node { id name prefix } } } }\n": typeof types.StudioAuditKeysDocument,
    "\n  query StudioBindableList($slug: String!, $first: Int!, $query: String) {\n    frontend(slug: $slug) {\n      id\n      documents(first: $first, query: $query) {\n        totalCount\n        edges { node { id hash name kind calls lastUsedAt retiredAt valid invalidReason publicMaxAge variables { name required } } }\n      }\n    }\n  }\n": typeof types.StudioBindableListDocument,
    "\n  query StudioBindable($slug: String!, $hash: String!) {\n    frontend(slug: $slug) { id documents(first: 1, query: $hash) { edges { node { ...StudioBindable } } } }\n  }\n  fragment StudioBindable on TrustedDocument {\n    id hash name kind retiredAt valid invalidReason publicMaxAge result\n    variables { name type required default }\n  }\n": typeof types.StudioBindableDocument,
    "\n  query StudioDocumentName($slug: String!, $hash: String!) {\n    frontend(slug: $slug) { id documents(first: 1, query: $hash) { edges { node { id hash name } } } }\n  }\n": typeof types.StudioDocumentNameDocument,
    "\n  query StudioChanges($slug: String!, $environment: String!) {\n    frontend(slug: $slug) {\n      environment(key: $environment) { live { id number } }\n      publishPlan(environment: $environment) {\n        changes { kind key change summary before after }\n        problems { severity code message screen blockKey }\n      }\n    }\n  }\n": typeof types.StudioChangesDocument,
    "\n  query StudioDraft($slug: String!, $query: String!, $after: String) {\n    frontend(slug: $slug) {\n      screens(first: 100, after: $after, filter: { query: $query }) {\n        pageInfo { hasNextPage endCursor }\n        edges { node { id key version title path body } }\n      }\n    }\n  }\n": typeof types.StudioDraftDocument,
    "\n  mutation StudioDiscard($input: ScreenEditInput!) {\n    screenEdit(input: $input) {\n      screen { version }\n      inverse { kind key component major parent slot index props patch }\n      userErrors { message }\n    }\n  }\n": typeof types.StudioDiscardDocument,
    "\n  mutation StudioDiscardHead($input: ScreenUpdateInput!) { screenUpdate(input: $input) { screen { version } userErrors { message } } }\n": typeof types.StudioDiscardHeadDocument,
    "\n  mutation StudioRevert($input: ScreenRevertInput!) { screenRevert(input: $input) { screen { id version title path body } userErrors { message } } }\n": typeof types.StudioRevertDocument,
    "\n  mutation StudioDiscardNew($input: ScreenDeleteInput!) { screenDelete(input: $input) { deletedId userErrors { message } } }\n": typeof types.StudioDiscardNewDocument,
    "\n  mutation StudioBringBack($input: ScreenCreateInput!) { screenCreate(input: $input) { screen { id } userErrors { message } } }\n": typeof types.StudioBringBackDocument,
    "\n  query StudioComponents($slug: String!, $after: String) {\n    frontend(slug: $slug) {\n      components(first: 100, after: $after) {\n        totalCount\n        pageInfo { hasNextPage endCursor }\n        edges { node { id key title category versions { id version } } }\n      }\n    }\n  }\n": typeof types.StudioComponentsDocument,
    "\n  query StudioComponent($slug: String!, $id: ID!) {\n    node(id: $id) {\n      ... on Component {\n        id key title category\n        versions { id version propsSchema uiSchema slots fallback examples }\n        usedBy { id key title path }\n      }\n    }\n    frontend(slug: $slug) {\n      builds(first: 100) { totalCount edges { node { id name registeredAt lastSeenAt components { key version range } } } }\n    }\n  }\n": typeof types.StudioComponentDocument,
    "\n  query StudioSafelist($slug: String!) {\n    frontend(slug: $slug) { id safelist }\n  }\n": typeof types.StudioSafelistDocument,
    "\n  query StudioDocuments($slug: String!, $after: String, $query: String) {\n    frontend(slug: $slug) {\n      id\n      documents(first: 50, after: $after, query: $query) {\n        totalCount\n        pageInfo { hasNextPage endCursor }\n        edges { node { ...StudioDocumentFacts } }\n      }\n    }\n  }\n  fragment StudioDocumentFacts on TrustedDocument {\n    id hash name kind calls errors p50Ms p95Ms lastUsedAt retiredAt valid invalidReason\n  }\n": typeof types.StudioDocumentsDocument,
    "\n  query StudioDocument($id: ID!) {\n    node(id: $id) { ... on TrustedDocument { id body registeredAt publicMaxAge builds { build calls errors } } }\n  }\n": typeof types.StudioDocumentDocument,
    "\n  query StudioUnknownDocuments($slug: String!, $first: Int, $after: String) {\n    frontend(slug: $slug) {\n      id\n      unknownDocuments(first: $first, after: $after) {\n        totalCount\n        pageInfo { hasNextPage endCursor }\n        edges { node { ...StudioUnknownDocumentFacts } }\n      }\n    }\n  }\n  fragment StudioUnknownDocumentFacts on UnknownDocument { hash name body calls firstSeenAt lastSeenAt }\n": typeof types.StudioUnknownDocumentsDocument,
    "\n  query StudioBeforeEnforcing($slug: String!, $after: String) {\n    frontend(slug: $slug) {\n      id\n      documents(first: 100, after: $after) {\n        pageInfo { hasNextPage endCursor }\n        edges { node { id retiredAt valid } }\n      }\n      unknownDocuments(first: 1) { totalCount }\n    }\n  }\n": typeof types.StudioBeforeEnforcingDocument,
    "\n  mutation StudioDocumentsRegister($input: DocumentsRegisterInput!) {\n    documentsRegister(input: $input) {\n      added\n      documents { id name kind }\n      userErrors { message path ... on DocumentInvalid { name line column } }\n    }\n  }\n": typeof types.StudioDocumentsRegisterDocument,
    "\n  mutation StudioDocumentRetire($input: DocumentRetireInput!) {\n    documentRetire(input: $input) { document { ...StudioDocumentFacts } userErrors { message path } }\n  }\n": typeof types.StudioDocumentRetireDocument,
    "\n  mutation StudioDocumentUpdate($input: DocumentUpdateInput!) {\n    documentUpdate(input: $input) { document { id publicMaxAge } userErrors { message path } }\n  }\n": typeof types.StudioDocumentUpdateDocument,
    "\n  mutation StudioSafelistSet($input: SafelistSetInput!) {\n    safelistSet(input: $input) { frontend { id safelist } userErrors { message path } }\n  }\n": typeof types.StudioSafelistSetDocument,
    "\n  query StudioFormScreens($slug: String!) {\n    frontend(slug: $slug) { screens(first: 100) { edges { node { id title path } } } }\n  }\n": typeof types.StudioFormScreensDocument,
    "\n  mutation StudioEditorUpdate($input: ScreenUpdateInput!) {\n    screenUpdate(input: $input) {\n      screen { title path version status problems { severity code message blockKey pointer } }\n      userErrors { code message ... on VersionConflict { current { title path version status problems { severity code message blockKey pointer } } } }\n    }\n  }\n": typeof types.StudioEditorUpdateDocument,
    "\n  mutation StudioEditorRevert($input: ScreenRevertInput!) {\n    screenRevert(input: $input) { screen { version } userErrors { message } }\n  }\n": typeof types.StudioEditorRevertDocument,
    "\n  mutation StudioEditorDelete($input: ScreenDeleteInput!) {\n    screenDelete(input: $input) { deletedId userErrors { message } }\n  }\n": typeof types.StudioEditorDeleteDocument,
    "\n  mutation StudioEditorBringBack($input: ScreenCreateInput!) {\n    screenCreate(input: $input) { screen { id key version } userErrors { message } }\n  }\n": typeof types.StudioEditorBringBackDocument,
    "\n  mutation StudioEditorDuplicate($input: ScreenDuplicateInput!) {\n    screenDuplicate(input: $input) { screen { key } userErrors { message path } }\n  }\n": typeof types.StudioEditorDuplicateDocument,
    "\n  query StudioEditorParts($slug: String!) {\n    frontend(slug: $slug) { screens(first: 100) { pageInfo { hasNextPage } edges { node { key title path status } } } }\n  }\n": typeof types.StudioEditorPartsDocument,
    "\n  query StudioEditorFind($slug: String!, $key: String!, $after: String) {\n    frontend(slug: $slug) {\n      screens(first: 100, after: $after, filter: { query: $key }) { pageInfo { hasNextPage endCursor } edges { node { id key } } }\n    }\n  }\n": typeof types.StudioEditorFindDocument,
    "\n  query StudioEditorScreen($id: ID!) {\n    node(id: $id) {\n      ... on Screen {\n        id key title path version status\n        problems { severity code message blockKey pointer }\n        blocks { key component major props slots { name blocks } }\n      }\n    }\n  }\n": typeof types.StudioEditorScreenDocument,
    "\n  query StudioEditorFacts($id: ID!) {\n    node(id: $id) {\n      ... on Screen { title path version status problems { severity code message blockKey pointer } }\n    }\n  }\n": typeof types.StudioEditorFactsDocument,
    "\n  query StudioEditorCatalogue($slug: String!, $after: String) {\n    frontend(slug: $slug) {\n      components(first: 100, after: $after) {\n        pageInfo { hasNextPage endCursor }\n        edges { node { key title category versions { version propsSchema uiSchema slots fallback examples } } }\n      }\n    }\n  }\n": typeof types.StudioEditorCatalogueDocument,
    "\n  mutation StudioEditorEdit($input: ScreenEditInput!, $whole: Boolean!) {\n    screenEdit(input: $input) {\n      screen {\n        title path version status\n        problems { severity code message blockKey pointer }\n        blocks @include(if: $whole) { key component major props slots { name blocks } }\n      }\n      userErrors {\n        code message path\n        ... on InputError { pointer }\n        ... on VersionConflict {\n          conflictingBlocks\n          current { title path version status problems { severity code message blockKey pointer } blocks { key component major props slots { name blocks } } }\n        }\n      }\n    }\n  }\n": typeof types.StudioEditorEditDocument,
    "\n  subscription StudioEditorDraft($screen: ID!, $since: Int!) {\n    draft(screen: $screen, since: $since) {\n      fromVersion\n      ops { kind key component major parent slot index props patch }\n      actor { name }\n      screen { title path version status problems { severity code message blockKey pointer } }\n    }\n  }\n": typeof types.StudioEditorDraftDocument,
    "\n  subscription StudioEditorPresence($screen: ID!, $client: String!, $name: String!) {\n    presence(screen: $screen, client: $client, name: $name) { people { id name blockKey you } }\n  }\n": typeof types.StudioEditorPresenceDocument,
    "\n  mutation StudioEditorPresenceSet($input: PresenceSetInput!) {\n    presenceSet(input: $input) { userErrors { message } }\n  }\n": typeof types.StudioEditorPresenceSetDocument,
    "\n  query StudioBlockUsage($slug: String!, $screen: ID!, $environment: String!) {\n    frontend(slug: $slug) { usageEnabled }\n    node(id: $screen) {\n      ... on Screen {\n        id\n        day: usage(environment: $environment, window: DAY) { count { views clicks renderErrors } blocks { blockKey count { views clicks renderErrors } } }\n        week: usage(environment: $environment, window: WEEK) { count { views clicks renderErrors } blocks { blockKey count { views clicks renderErrors } } }\n      }\n    }\n  }\n": typeof types.StudioBlockUsageDocument,
    "\n  query StudioHome($slug: String!) {\n    frontend(slug: $slug) {\n      environments {\n        id key\n        live { id number title }\n        activations(first: 1) { edges { node { id kind at reason actor { name } } } }\n        schedules(first: 20) { edges { node { id at state problem release { id number title } } } }\n      }\n      edited: screens(first: 20, filter: { status: EDITED }) { totalCount edges { node { id key title status updatedAt updatedBy { name } } } }\n      added: screens(first: 20, filter: { status: NEW }) { totalCount edges { node { id key title status updatedAt updatedBy { name } } } }\n      deleted: screens(first: 20, filter: { status: DELETED }) { totalCount edges { node { id key title status updatedAt updatedBy { name } } } }\n      screens(first: 100) { totalCount edges { node { id key title problems { severity code message blockKey pointer } } } }\n    }\n  }\n": typeof types.StudioHomeDocument,
    "\n  query StudioUsage($slug: String!, $environment: String!, $window: UsageWindow!) {\n    frontend(slug: $slug) {\n      usageEnabled\n      usage(environment: $environment, window: $window) {\n        total { views clicks renderErrors }\n        previous { views clicks renderErrors }\n        hours { at count { views clicks renderErrors } }\n        screens { screenKey count { views clicks renderErrors } previous { views } }\n        blocks { screenKey blockKey count { views clicks renderErrors } }\n        releases { release { id number title createdAt } count { views renderErrors } }\n        builds { build count { views renderErrors } }\n      }\n    }\n  }\n": typeof types.StudioUsageDocument,
    "\n  mutation StudioUsageEnable($input: FrontendUpdateInput!) {\n    frontendUpdate(input: $input) { frontend { id usageEnabled } userErrors { message } }\n  }\n": typeof types.StudioUsageEnableDocument,
    "\n  query StudioKeysHere($slug: String!, $after: String) {\n    frontend(slug: $slug) {\n      id\n      apiKeys(first: 100, after: $after) { ...StudioKeyPage }\n    }\n  }\n  fragment StudioKeyPage on ApiKeyConnection {\n    totalCount\n    pageInfo { hasNextPage endCursor }\n    edges { node { ...StudioKeyFacts } }\n  }\n  fragment StudioKeyFacts on ApiKey {\n    id name prefix scopes environments services publishable requestsPerMinute\n    frontend { id slug name }\n    createdAt lastUsedAt expiresAt rotatedAt revokedAt\n    createdBy { id name }\n  }\n": typeof types.StudioKeysHereDocument,
    "\n  query StudioKeysEverywhere($after: String) {\n    apiKeys(first: 100, after: $after) { ...StudioKeyPage }\n  }\n": typeof types.StudioKeysEverywhereDocument,
    "\n  mutation StudioKeyCreate($input: ApiKeyCreateInput!) {\n    apiKeyCreate(input: $input) { apiKey { ...StudioKeyFacts } secret userErrors { message path } }\n  }\n": typeof types.StudioKeyCreateDocument,
    "\n  mutation StudioKeyRotate($input: ApiKeyRotateInput!) {\n    apiKeyRotate(input: $input) { apiKey { ...StudioKeyFacts } secret userErrors { message path } }\n  }\n": typeof types.StudioKeyRotateDocument,
    "\n  mutation StudioKeyRevoke($input: ApiKeyRevokeInput!) {\n    apiKeyRevoke(input: $input) { apiKey { ...StudioKeyFacts } userErrors { message path } }\n  }\n": typeof types.StudioKeyRevokeDocument,
    "\n  query StudioKeyLastChange($key: ID!) {\n    auditLog(first: 1, filter: { actor: $key }) { edges { node { id at action subjectLabel } } }\n  }\n": typeof types.StudioKeyLastChangeDocument,
    "\n  query StudioKeyTarget($slug: String!, $environment: String!) {\n    frontend(slug: $slug) {\n      id\n      origins\n      routes(environment: $environment) { path }\n    }\n  }\n": typeof types.StudioKeyTargetDocument,
    "\n  subscription StudioActivity($frontend: ID!) {\n    activity(frontend: $frontend) { kinds at }\n  }\n": typeof types.StudioActivityDocument,
    "\n  query StudioFrontend($slug: String!) {\n    frontend(slug: $slug) {\n      id\n      slug\n      name\n      origins\n      previewUrl\n      environments { id key delivery live { id number hash title createdAt } }\n    }\n  }\n": typeof types.StudioFrontendDocument,
    "\n  query StudioPending($slug: String!) {\n    frontend(slug: $slug) {\n      edited: screens(first: 0, filter: { status: EDITED }) { totalCount }\n      added: screens(first: 0, filter: { status: NEW }) { totalCount }\n      deleted: screens(first: 0, filter: { status: DELETED }) { totalCount }\n    }\n  }\n": typeof types.StudioPendingDocument,
    "\n  query StudioMembers($after: String) {\n    members(first: 100, after: $after) {\n      totalCount\n      pageInfo { hasNextPage endCursor }\n      edges { node { ...StudioMemberFacts } }\n    }\n  }\n  fragment StudioMemberFacts on Member {\n    id email name state createdAt lastSignedInAt\n    grants { role scopes frontend frontendSlug environments services }\n  }\n": typeof types.StudioMembersDocument,
    "\n  query StudioGrantPlaces {\n    frontends(first: 100) { edges { node { id slug name environments { id key } } } }\n  }\n": typeof types.StudioGrantPlacesDocument,
    "\n  mutation StudioMemberInvite($input: MemberInviteInput!) {\n    memberInvite(input: $input) { member { ...StudioMemberFacts } link expiresAt userErrors { message path } }\n  }\n": typeof types.StudioMemberInviteDocument,
    "\n  mutation StudioMemberUpdate($input: MemberUpdateInput!) {\n    memberUpdate(input: $input) { member { ...StudioMemberFacts } userErrors { message path } }\n  }\n": typeof types.StudioMemberUpdateDocument,
    "\n  mutation StudioMemberLink($input: MemberLinkCreateInput!) {\n    memberLinkCreate(input: $input) { member { ...StudioMemberFacts } link expiresAt userErrors { message } }\n  }\n": typeof types.StudioMemberLinkDocument,
    "\n  mutation StudioMemberRemove($input: MemberRemoveInput!) {\n    memberRemove(input: $input) { removedId userErrors { message } }\n  }\n": typeof types.StudioMemberRemoveDocument,
    "\n  query StudioPalette($slug: String!) {\n    frontend(slug: $slug) {\n      screens(first: 100) { totalCount edges { node { id key title path } } }\n      components(first: 100) { edges { node { id key title category } } }\n      releases(first: 100) { edges { node { id number title } } }\n    }\n  }\n": typeof types.StudioPaletteDocument,
    "\n  query StudioPaletteSearch($slug: String!, $query: String!) {\n    frontend(slug: $slug) {\n      screens(first: 20, filter: { query: $query }) { edges { node { id key title path } } }\n    }\n  }\n": typeof types.StudioPaletteSearchDocument,
    "\n  query StudioPaletteBlocks($screen: ID!) {\n    node(id: $screen) { ... on Screen { id blocks { key component props } } }\n  }\n": typeof types.StudioPaletteBlocksDocument,
    "\n  query StudioUndoLast($slug: String!, $environment: String!) {\n    frontend(slug: $slug) {\n      environment(key: $environment) {\n        live { id number hash title }\n        activations(first: 1) { edges { node { id kind previous { id number title } } } }\n      }\n    }\n  }\n": typeof types.StudioUndoLastDocument,
    "\n  mutation StudioUndoPublish($input: ReleaseRollBackInput!) {\n    releaseRollBack(input: $input) {\n      activation { id kind release { id number hash } previous { id number } }\n      userErrors { message }\n    }\n  }\n": typeof types.StudioUndoPublishDocument,
    "\n  query StudioPreviewBuilds($slug: String!) {\n    frontend(slug: $slug) { builds(first: 20) { totalCount edges { node { id name manifest lastSeenAt } } } }\n  }\n": typeof types.StudioPreviewBuildsDocument,
    "\n  query StudioPreviewParts($ids: [ID!]!) {\n    nodes(ids: $ids) { ... on Screen { key blocks { key component major props slots { name blocks } } } }\n  }\n": typeof types.StudioPreviewPartsDocument,
    "\n  fragment StudioPreviewSnapshot on ScreenSnapshot {\n    id key title path params contentHash root\n    release { number publishedAt }\n    blocks { key component version props bindings { pointer document variables path map } slots { name blocks } }\n    degradations { blockKey wanted served reason }\n  }\n": typeof types.StudioPreviewSnapshotFragmentDoc,
    "\n  query StudioPreviewAsBuild($frontend: ID!, $key: String!, $manifest: Hash!) {\n    screen(at: { key: $key }, context: { frontend: $frontend, manifest: $manifest, perspective: { draft: true } }) { ...StudioPreviewSnapshot }\n  }\n": typeof types.StudioPreviewAsBuildDocument,
    "\n  query StudioPreviewLive($frontend: ID!, $key: String!, $environment: String!, $manifest: Hash) {\n    screen(at: { key: $key }, context: { frontend: $frontend, environment: $environment, manifest: $manifest }) { ...StudioPreviewSnapshot }\n  }\n": typeof types.StudioPreviewLiveDocument,
    "\n  mutation StudioPreviewLink($input: PreviewLinkCreateInput!) {\n    previewLinkCreate(input: $input) { url token expiresAt userErrors { message } }\n  }\n": typeof types.StudioPreviewLinkDocument,
    "\n  query StudioReached($id: ID!) {\n    node(id: $id) { ... on Activation { delivery { streams frontends lastMs } } }\n  }\n": typeof types.StudioReachedDocument,
    "\n  mutation StudioUndo($input: ReleaseRollBackInput!) {\n    releaseRollBack(input: $input) {\n      activation { id kind release { id number hash } previous { id number } }\n      userErrors { message code ... on LiveMoved { live { number } } }\n    }\n  }\n": typeof types.StudioUndoDocument,
    "\n  query StudioPublishPlan($slug: String!, $environment: String!, $screens: [String!]) {\n    frontend(slug: $slug) {\n      environment(key: $environment) { live { id number hash title createdAt author { name } } }\n      publishPlan(environment: $environment, screens: $screens) {\n        canPublish\n        expectedLiveHash\n        changes { kind key change summary }\n        problems { severity code message screen blockKey }\n        affectedBuilds { build { id name } screens degradations { blockKey wanted served reason } }\n      }\n    }\n  }\n": typeof types.StudioPublishPlanDocument,
    "\n  mutation StudioPublish($input: ReleasePublishInput!) {\n    releasePublish(input: $input) {\n      activation { id kind release { id number hash } previous { id number } }\n      userErrors { message code }\n    }\n  }\n": typeof types.StudioPublishDocument,
    "\n  mutation StudioSchedule($input: ReleaseScheduleInput!) {\n    releaseSchedule(input: $input) { schedule { id at release { number } } userErrors { message code } }\n  }\n": typeof types.StudioScheduleDocument,
    "\n  mutation StudioScheduleCancel($input: ReleaseScheduleCancelInput!) {\n    releaseScheduleCancel(input: $input) { schedule { id state } userErrors { message } }\n  }\n": typeof types.StudioScheduleCancelDocument,
    "\n  query StudioCompare($id: ID!, $against: ID!) {\n    node(id: $id) { ... on Release { changes(against: $against) { kind key change summary before after } } }\n  }\n": typeof types.StudioCompareDocument,
    "\n  query StudioRelease($id: ID!) {\n    node(id: $id) {\n      ... on Release {\n        notes hash\n        parent { number title }\n        changes { kind key change summary before after }\n        items(first: 100) { totalCount edges { node { kind key change } } }\n      }\n    }\n  }\n": typeof types.StudioReleaseDocument,
    "\n  query StudioReleases($slug: String!, $after: String) {\n    frontend(slug: $slug) {\n      releases(first: 25, after: $after) {\n        totalCount\n        pageInfo { hasNextPage endCursor }\n        edges { node { id number hash title createdAt author { name } changes { kind key change summary } } }\n      }\n    }\n  }\n": typeof types.StudioReleasesDocument,
    "\n  query StudioLog($slug: String!, $environment: String!, $after: String) {\n    frontend(slug: $slug) {\n      environment(key: $environment) {\n        activations(first: 50, after: $after) {\n          pageInfo { hasNextPage endCursor }\n          edges { node { id kind sequence at reason actor { name } release { number title } previous { number } delivery { frontends lastMs } } }\n        }\n      }\n    }\n  }\n": typeof types.StudioLogDocument,
    "\n  mutation StudioPromote($input: ReleasePromoteInput!) {\n    releasePromote(input: $input) {\n      activation { id kind release { id number hash } previous { id number } }\n      userErrors { message code ... on LiveMoved { live { number } } }\n    }\n  }\n": typeof types.StudioPromoteDocument,
    "\n  mutation StudioRollBack($input: ReleaseRollBackInput!) {\n    releaseRollBack(input: $input) {\n      activation { id kind release { id number hash } previous { id number } }\n      userErrors { message code ... on LiveMoved { live { number hash } } }\n    }\n  }\n": typeof types.StudioRollBackDocument,
    "\n  query StudioSchedules($slug: String!) {\n    frontend(slug: $slug) {\n      environments { key schedules(first: 20) { edges { node { id at state problem release { number title } } } } }\n    }\n  }\n": typeof types.StudioSchedulesDocument,
    "\n  query StudioStanding($slug: String!) {\n    frontend(slug: $slug) {\n      environments {\n        id key\n        live { id number hash title }\n        activations(first: 100) { totalCount edges { node { kind release { id } previous { id } } } }\n      }\n    }\n  }\n": typeof types.StudioStandingDocument,
    "\n  query StudioTimeScreens($slug: String!) {\n    frontend(slug: $slug) { screens(first: 100) { edges { node { key title path } } } }\n  }\n": typeof types.StudioTimeScreensDocument,
    "\n  query StudioThen($frontend: ID!, $environment: String!, $screen: String!, $release: ID!) {\n    screen(at: { key: $screen }, context: { frontend: $frontend, environment: $environment, perspective: { release: $release } }) {\n      id key title path params contentHash root\n      blocks { key component version props slots { name blocks } }\n      degradations { blockKey wanted served reason }\n    }\n  }\n": typeof types.StudioThenDocument,
    "\n  mutation StudioScreenCreate($input: ScreenCreateInput!) {\n    screenCreate(input: $input) { screen { key } userErrors { message path } }\n  }\n": typeof types.StudioScreenCreateDocument,
    "\n  query StudioScreens($slug: String!, $filter: ScreenFilter, $after: String) {\n    frontend(slug: $slug) {\n      screens(first: 100, after: $after, filter: $filter) {\n        totalCount\n        pageInfo { hasNextPage endCursor }\n        edges { node { id key title path status updatedAt updatedBy { name } problems { severity } } }\n      }\n    }\n  }\n": typeof types.StudioScreensDocument,
    "\n  subscription StudioFleetSummary {\n    fleet { instances { id serviceName name state utilization health { state } } left complete }\n  }\n": typeof types.StudioFleetSummaryDocument,
    "\n  subscription StudioFleet($service: String!) {\n    fleet(service: $service) { instances { ...StudioInstanceFacts } left complete }\n  }\n  fragment StudioInstanceFacts on Instance {\n    id name url version agent weight state since lastSeenAt\n    health { state since reason }\n    utilization inFlight capacity cpu cores memory restarts\n    figures { calls errors p50Ms p95Ms p99Ms since }\n  }\n": typeof types.StudioFleetDocument,
    "\n  query StudioHistory($service: String!, $minutes: Int!) {\n    fleet(service: $service) { id name history(minutes: $minutes) { at utilization cpu memory inFlight rate errors p50Ms p95Ms p99Ms } }\n  }\n": typeof types.StudioHistoryDocument,
    "\n  mutation StudioServiceScale($input: ServiceScaleInput!) {\n    serviceScale(input: $input) { service { id ...StudioServiceScaleFacts } userErrors { message } }\n  }\n  fragment StudioServiceScaleFacts on Service {\n    replicas replicasReason replicasSince\n    policy { minimum maximum targetUtilization calmDownSeconds }\n  }\n": typeof types.StudioServiceScaleDocument,
    "\n  mutation StudioServicePolicySet($input: ServicePolicySetInput!) {\n    servicePolicySet(input: $input) { service { id ...StudioServiceScaleFacts } userErrors { message } }\n  }\n": typeof types.StudioServicePolicySetDocument,
    "\n  mutation StudioInstanceDrain($input: InstanceDrainInput!) {\n    instanceDrain(input: $input) { instance { id state } userErrors { message } }\n  }\n": typeof types.StudioInstanceDrainDocument,
    "\n  subscription StudioServices {\n    services {\n      services { ...StudioServiceFacts }\n      withdrawn\n      complete\n    }\n  }\n  fragment StudioServiceFacts on Service {\n    id name url owner description contact repository docsUrl allowedHosts\n    live { id number publishedAt }\n    health { state since reason }\n  }\n": typeof types.StudioServicesDocument,
    "\n  query StudioServiceFigures {\n    services(first: 100) {\n      edges { node { id name ...StudioServiceScaleFacts figures { calls errors p50Ms p95Ms p99Ms since breaker } } }\n    }\n    supergraph { id number composedAt }\n  }\n": typeof types.StudioServiceFiguresDocument,
    "\n  query StudioServiceFrontends {\n    frontends(first: 6) { totalCount edges { node { id slug name } } }\n  }\n": typeof types.StudioServiceFrontendsDocument,
    "\n  query StudioServiceVersions($name: String!, $after: String) {\n    service(name: $name) {\n      id\n      live { id number }\n      versions(first: 20, after: $after) {\n        totalCount\n        pageInfo { hasNextPage endCursor }\n        edges { node { id number hash publishedAt publishedBy { id name } } }\n      }\n    }\n  }\n": typeof types.StudioServiceVersionsDocument,
    "\n  query StudioServiceSchemas($ids: [ID!]!) {\n    nodes(ids: $ids) { ... on SubgraphVersion { id number sdl } }\n  }\n": typeof types.StudioServiceSchemasDocument,
    "\n  mutation StudioSubgraphCheck($input: SubgraphInput!) {\n    subgraphCheck(input: $input) { check { ...StudioCheckFacts } userErrors { message path } }\n  }\n  fragment StudioCheckFacts on SubgraphCheck {\n    ok\n    composition { severity code message hint service line column }\n    changes { kind path breaking message }\n    brokenDocuments { document { id name } frontend { id slug name } reason }\n    brokenElsewhere\n  }\n": typeof types.StudioSubgraphCheckDocument,
    "\n  mutation StudioSubgraphRollBack($input: SubgraphRollBackInput!) {\n    subgraphRollBack(input: $input) { service { id live { id number } } userErrors { message code ... on CompositionFailed { check { ...StudioCheckFacts } } } }\n  }\n": typeof types.StudioSubgraphRollBackDocument,
    "\n  mutation StudioServiceWithdraw($input: ServiceWithdrawInput!) {\n    serviceWithdraw(input: $input) { withdrawn userErrors { message code ... on CompositionFailed { check { ...StudioCheckFacts } } } }\n  }\n": typeof types.StudioServiceWithdrawDocument,
    "\n  mutation StudioEnvironmentCreate($input: EnvironmentCreateInput!) {\n    environmentCreate(input: $input) { environment { id key } userErrors { message } }\n  }\n": typeof types.StudioEnvironmentCreateDocument,
    "\n  mutation StudioEnvironmentUpdate($input: EnvironmentUpdateInput!) {\n    environmentUpdate(input: $input) { environment { id delivery } userErrors { message } }\n  }\n": typeof types.StudioEnvironmentUpdateDocument,
    "\n  mutation StudioFrontendUpdate($input: FrontendUpdateInput!) {\n    frontendUpdate(input: $input) { frontend { id name origins previewUrl } userErrors { message path } }\n  }\n": typeof types.StudioFrontendUpdateDocument,
    "\n  query StudioSettings($slug: String!) {\n    frontend(slug: $slug) {\n      id slug name origins previewUrl usageEnabled\n      environments { id key delivery }\n    }\n  }\n": typeof types.StudioSettingsDocument,
    "\n  mutation StudioUsageSet($input: FrontendUpdateInput!) {\n    frontendUpdate(input: $input) { frontend { id usageEnabled } userErrors { message } }\n  }\n": typeof types.StudioUsageSetDocument,
    "\n  query StudioFrontends {\n    frontends(first: 100) { edges { node { id slug name } } }\n  }\n": typeof types.StudioFrontendsDocument,
    "\n  mutation StudioFrontendCreate($input: FrontendCreateInput!) {\n    frontendCreate(input: $input) { frontend { slug } userErrors { message path } }\n  }\n": typeof types.StudioFrontendCreateDocument,
    "\n  mutation StudioSignIn($input: SessionCreateInput!) {\n    sessionCreate(input: $input) { viewer { ...StudioViewerFacts } userErrors { message code path } }\n  }\n": typeof types.StudioSignInDocument,
    "\n  mutation StudioJoin($input: MemberLinkAcceptInput!) {\n    memberLinkAccept(input: $input) { viewer { ...StudioViewerFacts } userErrors { message code path } }\n  }\n": typeof types.StudioJoinDocument,
    "\n  mutation StudioSetup($input: SetupCompleteInput!) {\n    setupComplete(input: $input) { viewer { ...StudioViewerFacts } userErrors { message code path } }\n  }\n": typeof types.StudioSetupDocument,
    "\n  query WelcomeState($slug: String!) {\n    frontend(slug: $slug) {\n      edited: screens(first: 0, filter: { status: EDITED }) { totalCount }\n      environment { live { number } activations(first: 1) { edges { node { kind sequence } } } }\n    }\n  }\n": typeof types.WelcomeStateDocument,
};
const documents: Documents = {
    "\n  query StudioAdmins {\n    members(first: 100) { edges { node { id name state grants { role frontend } } } }\n  }\n": types.StudioAdminsDocument,
    "\n  query StudioViewer {\n    viewer { ...StudioViewerFacts }\n  }\n  fragment StudioViewerFacts on Viewer {\n    actor { id name }\n    credential\n    scopes\n    grants { role scopes frontend frontendSlug environments services }\n    member { id email name }\n  }\n": types.StudioViewerDocument,
    "\n  mutation StudioSignOut { sessionEnd { userErrors { message } } }\n": types.StudioSignOutDocument,
    "\n  mutation StudioSessionsEnd($input: MemberSessionsEndInput!) {\n    memberSessionsEnd(input: $input) { member { id } userErrors { message } }\n  }\n": types.StudioSessionsEndDocument,
    "\n  mutation StudioPasswordChange($input: PasswordChangeInput!) {\n    passwordChange(input: $input) { viewer { ...StudioViewerFacts } userErrors { message code path } }\n  }\n": types.StudioPasswordChangeDocument,
    "\n  subscription StudioAlerts {\n    alerts { alerts { id rule severity serviceName since message hint instance { id name } } }\n  }\n": types.StudioAlertsDocument,
    "\n  query StudioApi($slug: String!, $environment: String!) {\n    frontend(slug: $slug) {\n      routes(environment: $environment) { path }\n      builds(first: 20) { totalCount edges { node { id name manifest registeredAt lastSeenAt } } }\n    }\n  }\n": types.StudioApiDocument,
    "\n  query StudioKnownAssets($slug: String!, $hashes: [Hash!]!) {\n    frontend(slug: $slug) { assets(first: 100, hashes: $hashes) { edges { node { id hash url width height placeholder name } } } }\n  }\n": types.StudioKnownAssetsDocument,
    "\n  query StudioAssets($slug: String!, $query: String, $after: String) {\n    frontend(slug: $slug) {\n      assets(first: 40, after: $after, query: $query) {\n        edges { node { id hash url width height placeholder name } }\n        pageInfo { hasNextPage endCursor }\n        totalCount\n      }\n    }\n  }\n": types.StudioAssetsDocument,
    "\n  query StudioAudit($after: String, $subject: ID, $filter: AuditFilter) {\n    auditLog(first: 50, after: $after, subject: $subject, filter: $filter) {\n      totalCount\n      pageInfo { hasNextPage endCursor }\n      edges { cursor node { id at actor { id kind name } action frontend subjectId subjectLabel requestId } }\n    }\n  }\n": types.StudioAuditDocument,
    "\n  query StudioAuditEntry($id: ID!) {\n    node(id: $id) { ... on AuditEntry { id sequence detail requestId hash previousHash } }\n  }\n": types.StudioAuditEntryDocument,
    "\n  query StudioAuditHead {\n    auditLog(first: 1) { edges { cursor node { id at hash } } }\n  }\n": types.StudioAuditHeadDocument,
    "\n  query StudioAuditRefusals($after: String) {\n    auditRefusals(first: 50, after: $after) {\n      totalCount\n      pageInfo { hasNextPage endCursor }\n      edges { cursor node { at actor { id kind name } source action code count } }\n    }\n  }\n": types.StudioAuditRefusalsDocument,
    "\n  query StudioAuditMembers { members(first: 100) { edges { node { id name } } } }\n": types.StudioAuditMembersDocument,
    "\n  query StudioAuditKeys { apiKeys(first: 100) { edges { node { id name prefix } } } }\n": types.StudioAuditKeysDocument,
    "\n  query StudioBindableList($slug: String!, $first: Int!, $query: String) {\n    frontend(slug: $slug) {\n      id\n      documents(first: $first, query: $query) {\n        totalCount\n        edges { node { id hash name kind calls lastUsedAt retiredAt valid invalidReason publicMaxAge variables { name required } } }\n      }\n    }\n  }\n": types.StudioBindableListDocument,
    "\n  query StudioBindable($slug: String!, $hash: String!) {\n    frontend(slug: $slug) { id documents(first: 1, query: $hash) { edges { node { ...StudioBindable } } } }\n  }\n  fragment StudioBindable on TrustedDocument {\n    id hash name kind retiredAt valid invalidReason publicMaxAge result\n    variables { name type required default }\n  }\n": types.StudioBindableDocument,
    "\n  query StudioDocumentName($slug: String!, $hash: String!) {\n    frontend(slug: $slug) { id documents(first: 1, query: $hash) { edges { node { id hash name } } } }\n  }\n": types.StudioDocumentNameDocument,
    "\n  query StudioChanges($slug: String!, $environment: String!) {\n    frontend(slug: $slug) {\n      environment(key: $environment) { live { id number } }\n      publishPlan(environment: $environment) {\n        changes { kind key change summary before after }\n        problems { severity code message screen blockKey }\n      }\n    }\n  }\n": types.StudioChangesDocument,
    "\n  query StudioDraft($slug: String!, $query: String!, $after: String) {\n    frontend(slug: $slug) {\n      screens(first: 100, after: $after, filter: { query: $query }) {\n        pageInfo { hasNextPage endCursor }\n        edges { node { id key version title path body } }\n      }\n    }\n  }\n": types.StudioDraftDocument,
    "\n  mutation StudioDiscard($input: ScreenEditInput!) {\n    screenEdit(input: $input) {\n      screen { version }\n      inverse { kind key component major parent slot index props patch }\n      userErrors { message }\n    }\n  }\n": types.StudioDiscardDocument,
    "\n  mutation StudioDiscardHead($input: ScreenUpdateInput!) { screenUpdate(input: $input) { screen { version } userErrors { message } } }\n": types.StudioDiscardHeadDocument,
    "\n  mutation StudioRevert($input: ScreenRevertInput!) { screenRevert(input: $input) { screen { id version title path body } userErrors { message } } }\n": types.StudioRevertDocument,
    "\n  mutation StudioDiscardNew($input: ScreenDeleteInput!) { screenDelete(input: $input) { deletedId userErrors { message } } }\n": types.StudioDiscardNewDocument,
    "\n  mutation StudioBringBack($input: ScreenCreateInput!) { screenCreate(input: $input) { screen { id } userErrors { message } } }\n": types.StudioBringBackDocument,
    "\n  query StudioComponents($slug: String!, $after: String) {\n    frontend(slug: $slug) {\n      components(first: 100, after: $after) {\n        totalCount\n        pageInfo { hasNextPage endCursor }\n        edges { node { id key title category versions { id version } } }\n      }\n    }\n  }\n": types.StudioComponentsDocument,
    "\n  query StudioComponent($slug: String!, $id: ID!) {\n    node(id: $id) {\n      ... on Component {\n        id key title category\n        versions { id version propsSchema uiSchema slots fallback examples }\n        usedBy { id key title path }\n      }\n    }\n    frontend(slug: $slug) {\n      builds(first: 100) { totalCount edges { node { id name registeredAt lastSeenAt components { key version range } } } }\n    }\n  }\n": types.StudioComponentDocument,
    "\n  query StudioSafelist($slug: String!) {\n    frontend(slug: $slug) { id safelist }\n  }\n": types.StudioSafelistDocument,
    "\n  query StudioDocuments($slug: String!, $after: String, $query: String) {\n    frontend(slug: $slug) {\n      id\n      documents(first: 50, after: $after, query: $query) {\n        totalCount\n        pageInfo { hasNextPage endCursor }\n        edges { node { ...StudioDocumentFacts } }\n      }\n    }\n  }\n  fragment StudioDocumentFacts on TrustedDocument {\n    id hash name kind calls errors p50Ms p95Ms lastUsedAt retiredAt valid invalidReason\n  }\n": types.StudioDocumentsDocument,
    "\n  query StudioDocument($id: ID!) {\n    node(id: $id) { ... on TrustedDocument { id body registeredAt publicMaxAge builds { build calls errors } } }\n  }\n": types.StudioDocumentDocument,
    "\n  query StudioUnknownDocuments($slug: String!, $first: Int, $after: String) {\n    frontend(slug: $slug) {\n      id\n      unknownDocuments(first: $first, after: $after) {\n        totalCount\n        pageInfo { hasNextPage endCursor }\n        edges { node { ...StudioUnknownDocumentFacts } }\n      }\n    }\n  }\n  fragment StudioUnknownDocumentFacts on UnknownDocument { hash name body calls firstSeenAt lastSeenAt }\n": types.StudioUnknownDocumentsDocument,
    "\n  query StudioBeforeEnforcing($slug: String!, $after: String) {\n    frontend(slug: $slug) {\n      id\n      documents(first: 100, after: $after) {\n        pageInfo { hasNextPage endCursor }\n        edges { node { id retiredAt valid } }\n      }\n      unknownDocuments(first: 1) { totalCount }\n    }\n  }\n": types.StudioBeforeEnforcingDocument,
    "\n  mutation StudioDocumentsRegister($input: DocumentsRegisterInput!) {\n    documentsRegister(input: $input) {\n      added\n      documents { id name kind }\n      userErrors { message path ... on DocumentInvalid { name line column } }\n    }\n  }\n": types.StudioDocumentsRegisterDocument,
    "\n  mutation StudioDocumentRetire($input: DocumentRetireInput!) {\n    documentRetire(input: $input) { document { ...StudioDocumentFacts } userErrors { message path } }\n  }\n": types.StudioDocumentRetireDocument,
    "\n  mutation StudioDocumentUpdate($input: DocumentUpdateInput!) {\n    documentUpdate(input: $input) { document { id publicMaxAge } userErrors { message path } }\n  }\n": types.StudioDocumentUpdateDocument,
    "\n  mutation StudioSafelistSet($input: SafelistSetInput!) {\n    safelistSet(input: $input) { frontend { id safelist } userErrors { message path } }\n  }\n": types.StudioSafelistSetDocument,
    "\n  query StudioFormScreens($slug: String!) {\n    frontend(slug: $slug) { screens(first: 100) { edges { node { id title path } } } }\n  }\n": types.StudioFormScreensDocument,
    "\n  mutation StudioEditorUpdate($input: ScreenUpdateInput!) {\n    screenUpdate(input: $input) {\n      screen { title path version status problems { severity code message blockKey pointer } }\n      userErrors { code message ... on VersionConflict { current { title path version status problems { severity code message blockKey pointer } } } }\n    }\n  }\n": types.StudioEditorUpdateDocument,
    "\n  mutation StudioEditorRevert($input: ScreenRevertInput!) {\n    screenRevert(input: $input) { screen { version } userErrors { message } }\n  }\n": types.StudioEditorRevertDocument,
    "\n  mutation StudioEditorDelete($input: ScreenDeleteInput!) {\n    screenDelete(input: $input) { deletedId userErrors { message } }\n  }\n": types.StudioEditorDeleteDocument,
    "\n  mutation StudioEditorBringBack($input: ScreenCreateInput!) {\n    screenCreate(input: $input) { screen { id key version } userErrors { message } }\n  }\n": types.StudioEditorBringBackDocument,
    "\n  mutation StudioEditorDuplicate($input: ScreenDuplicateInput!) {\n    screenDuplicate(input: $input) { screen { key } userErrors { message path } }\n  }\n": types.StudioEditorDuplicateDocument,
    "\n  query StudioEditorParts($slug: String!) {\n    frontend(slug: $slug) { screens(first: 100) { pageInfo { hasNextPage } edges { node { key title path status } } } }\n  }\n": types.StudioEditorPartsDocument,
    "\n  query StudioEditorFind($slug: String!, $key: String!, $after: String) {\n    frontend(slug: $slug) {\n      screens(first: 100, after: $after, filter: { query: $key }) { pageInfo { hasNextPage endCursor } edges { node { id key } } }\n    }\n  }\n": types.StudioEditorFindDocument,
    "\n  query StudioEditorScreen($id: ID!) {\n    node(id: $id) {\n      ... on Screen {\n        id key title path version status\n        problems { severity code message blockKey pointer }\n        blocks { key component major props slots { name blocks } }\n      }\n    }\n  }\n": types.StudioEditorScreenDocument,
    "\n  query StudioEditorFacts($id: ID!) {\n    node(id: $id) {\n      ... on Screen { title path version status problems { severity code message blockKey pointer } }\n    }\n  }\n": types.StudioEditorFactsDocument,
    "\n  query StudioEditorCatalogue($slug: String!, $after: String) {\n    frontend(slug: $slug) {\n      components(first: 100, after: $after) {\n        pageInfo { hasNextPage endCursor }\n        edges { node { key title category versions { version propsSchema uiSchema slots fallback examples } } }\n      }\n    }\n  }\n": types.StudioEditorCatalogueDocument,
    "\n  mutation StudioEditorEdit($input: ScreenEditInput!, $whole: Boolean!) {\n    screenEdit(input: $input) {\n      screen {\n        title path version status\n        problems { severity code message blockKey pointer }\n        blocks @include(if: $whole) { key component major props slots { name blocks } }\n      }\n      userErrors {\n        code message path\n        ... on InputError { pointer }\n        ... on VersionConflict {\n          conflictingBlocks\n          current { title path version status problems { severity code message blockKey pointer } blocks { key component major props slots { name blocks } } }\n        }\n      }\n    }\n  }\n": types.StudioEditorEditDocument,
    "\n  subscription StudioEditorDraft($screen: ID!, $since: Int!) {\n    draft(screen: $screen, since: $since) {\n      fromVersion\n      ops { kind key component major parent slot index props patch }\n      actor { name }\n      screen { title path version status problems { severity code message blockKey pointer } }\n    }\n  }\n": types.StudioEditorDraftDocument,
    "\n  subscription StudioEditorPresence($screen: ID!, $client: String!, $name: String!) {\n    presence(screen: $screen, client: $client, name: $name) { people { id name blockKey you } }\n  }\n": types.StudioEditorPresenceDocument,
    "\n  mutation StudioEditorPresenceSet($input: PresenceSetInput!) {\n    presenceSet(input: $input) { userErrors { message } }\n  }\n": types.StudioEditorPresenceSetDocument,
    "\n  query StudioBlockUsage($slug: String!, $screen: ID!, $environment: String!) {\n    frontend(slug: $slug) { usageEnabled }\n    node(id: $screen) {\n      ... on Screen {\n        id\n        day: usage(environment: $environment, window: DAY) { count { views clicks renderErrors } blocks { blockKey count { views clicks renderErrors } } }\n        week: usage(environment: $environment, window: WEEK) { count { views clicks renderErrors } blocks { blockKey count { views clicks renderErrors } } }\n      }\n    }\n  }\n": types.StudioBlockUsageDocument,
    "\n  query StudioHome($slug: String!) {\n    frontend(slug: $slug) {\n      environments {\n        id key\n        live { id number title }\n        activations(first: 1) { edges { node { id kind at reason actor { name } } } }\n        schedules(first: 20) { edges { node { id at state problem release { id number title } } } }\n      }\n      edited: screens(first: 20, filter: { status: EDITED }) { totalCount edges { node { id key title status updatedAt updatedBy { name } } } }\n      added: screens(first: 20, filter: { status: NEW }) { totalCount edges { node { id key title status updatedAt updatedBy { name } } } }\n      deleted: screens(first: 20, filter: { status: DELETED }) { totalCount edges { node { id key title status updatedAt updatedBy { name } } } }\n      screens(first: 100) { totalCount edges { node { id key title problems { severity code message blockKey pointer } } } }\n    }\n  }\n": types.StudioHomeDocument,
    "\n  query StudioUsage($slug: String!, $environment: String!, $window: UsageWindow!) {\n    frontend(slug: $slug) {\n      usageEnabled\n      usage(environment: $environment, window: $window) {\n        total { views clicks renderErrors }\n        previous { views clicks renderErrors }\n        hours { at count { views clicks renderErrors } }\n        screens { screenKey count { views clicks renderErrors } previous { views } }\n        blocks { screenKey blockKey count { views clicks renderErrors } }\n        releases { release { id number title createdAt } count { views renderErrors } }\n        builds { build count { views renderErrors } }\n      }\n    }\n  }\n": types.StudioUsageDocument,
    "\n  mutation StudioUsageEnable($input: FrontendUpdateInput!) {\n    frontendUpdate(input: $input) { frontend { id usageEnabled } userErrors { message } }\n  }\n": types.StudioUsageEnableDocument,
    "\n  query StudioKeysHere($slug: String!, $after: String) {\n    frontend(slug: $slug) {\n      id\n      apiKeys(first: 100, after: $after) { ...StudioKeyPage }\n    }\n  }\n  fragment StudioKeyPage on ApiKeyConnection {\n    totalCount\n    pageInfo { hasNextPage endCursor }\n    edges { node { ...StudioKeyFacts } }\n  }\n  fragment StudioKeyFacts on ApiKey {\n    id name prefix scopes environments services publishable requestsPerMinute\n    frontend { id slug name }\n    createdAt lastUsedAt expiresAt rotatedAt revokedAt\n    createdBy { id name }\n  }\n": types.StudioKeysHereDocument,
    "\n  query StudioKeysEverywhere($after: String) {\n    apiKeys(first: 100, after: $after) { ...StudioKeyPage }\n  }\n": types.StudioKeysEverywhereDocument,
    "\n  mutation StudioKeyCreate($input: ApiKeyCreateInput!) {\n    apiKeyCreate(input: $input) { apiKey { ...StudioKeyFacts } secret userErrors { message path } }\n  }\n": types.StudioKeyCreateDocument,
    "\n  mutation StudioKeyRotate($input: ApiKeyRotateInput!) {\n    apiKeyRotate(input: $input) { apiKey { ...StudioKeyFacts } secret userErrors { message path } }\n  }\n": types.StudioKeyRotateDocument,
    "\n  mutation StudioKeyRevoke($input: ApiKeyRevokeInput!) {\n    apiKeyRevoke(input: $input) { apiKey { ...StudioKeyFacts } userErrors { message path } }\n  }\n": types.StudioKeyRevokeDocument,
    "\n  query StudioKeyLastChange($key: ID!) {\n    auditLog(first: 1, filter: { actor: $key }) { edges { node { id at action subjectLabel } } }\n  }\n": types.StudioKeyLastChangeDocument,
    "\n  query StudioKeyTarget($slug: String!, $environment: String!) {\n    frontend(slug: $slug) {\n      id\n      origins\n      routes(environment: $environment) { path }\n    }\n  }\n": types.StudioKeyTargetDocument,
    "\n  subscription StudioActivity($frontend: ID!) {\n    activity(frontend: $frontend) { kinds at }\n  }\n": types.StudioActivityDocument,
    "\n  query StudioFrontend($slug: String!) {\n    frontend(slug: $slug) {\n      id\n      slug\n      name\n      origins\n      previewUrl\n      environments { id key delivery live { id number hash title createdAt } }\n    }\n  }\n": types.StudioFrontendDocument,
    "\n  query StudioPending($slug: String!) {\n    frontend(slug: $slug) {\n      edited: screens(first: 0, filter: { status: EDITED }) { totalCount }\n      added: screens(first: 0, filter: { status: NEW }) { totalCount }\n      deleted: screens(first: 0, filter: { status: DELETED }) { totalCount }\n    }\n  }\n": types.StudioPendingDocument,
    "\n  query StudioMembers($after: String) {\n    members(first: 100, after: $after) {\n      totalCount\n      pageInfo { hasNextPage endCursor }\n      edges { node { ...StudioMemberFacts } }\n    }\n  }\n  fragment StudioMemberFacts on Member {\n    id email name state createdAt lastSignedInAt\n    grants { role scopes frontend frontendSlug environments services }\n  }\n": types.StudioMembersDocument,
    "\n  query StudioGrantPlaces {\n    frontends(first: 100) { edges { node { id slug name environments { id key } } } }\n  }\n": types.StudioGrantPlacesDocument,
    "\n  mutation StudioMemberInvite($input: MemberInviteInput!) {\n    memberInvite(input: $input) { member { ...StudioMemberFacts } link expiresAt userErrors { message path } }\n  }\n": types.StudioMemberInviteDocument,
    "\n  mutation StudioMemberUpdate($input: MemberUpdateInput!) {\n    memberUpdate(input: $input) { member { ...StudioMemberFacts } userErrors { message path } }\n  }\n": types.StudioMemberUpdateDocument,
    "\n  mutation StudioMemberLink($input: MemberLinkCreateInput!) {\n    memberLinkCreate(input: $input) { member { ...StudioMemberFacts } link expiresAt userErrors { message } }\n  }\n": types.StudioMemberLinkDocument,
    "\n  mutation StudioMemberRemove($input: MemberRemoveInput!) {\n    memberRemove(input: $input) { removedId userErrors { message } }\n  }\n": types.StudioMemberRemoveDocument,
    "\n  query StudioPalette($slug: String!) {\n    frontend(slug: $slug) {\n      screens(first: 100) { totalCount edges { node { id key title path } } }\n      components(first: 100) { edges { node { id key title category } } }\n      releases(first: 100) { edges { node { id number title } } }\n    }\n  }\n": types.StudioPaletteDocument,
    "\n  query StudioPaletteSearch($slug: String!, $query: String!) {\n    frontend(slug: $slug) {\n      screens(first: 20, filter: { query: $query }) { edges { node { id key title path } } }\n    }\n  }\n": types.StudioPaletteSearchDocument,
    "\n  query StudioPaletteBlocks($screen: ID!) {\n    node(id: $screen) { ... on Screen { id blocks { key component props } } }\n  }\n": types.StudioPaletteBlocksDocument,
    "\n  query StudioUndoLast($slug: String!, $environment: String!) {\n    frontend(slug: $slug) {\n      environment(key: $environment) {\n        live { id number hash title }\n        activations(first: 1) { edges { node { id kind previous { id number title } } } }\n      }\n    }\n  }\n": types.StudioUndoLastDocument,
    "\n  mutation StudioUndoPublish($input: ReleaseRollBackInput!) {\n    releaseRollBack(input: $input) {\n      activation { id kind release { id number hash } previous { id number } }\n      userErrors { message }\n    }\n  }\n": types.StudioUndoPublishDocument,
    "\n  query StudioPreviewBuilds($slug: String!) {\n    frontend(slug: $slug) { builds(first: 20) { totalCount edges { node { id name manifest lastSeenAt } } } }\n  }\n": types.StudioPreviewBuildsDocument,
    "\n  query StudioPreviewParts($ids: [ID!]!) {\n    nodes(ids: $ids) { ... on Screen { key blocks { key component major props slots { name blocks } } } }\n  }\n": types.StudioPreviewPartsDocument,
    "\n  fragment StudioPreviewSnapshot on ScreenSnapshot {\n    id key title path params contentHash root\n    release { number publishedAt }\n    blocks { key component version props bindings { pointer document variables path map } slots { name blocks } }\n    degradations { blockKey wanted served reason }\n  }\n": types.StudioPreviewSnapshotFragmentDoc,
    "\n  query StudioPreviewAsBuild($frontend: ID!, $key: String!, $manifest: Hash!) {\n    screen(at: { key: $key }, context: { frontend: $frontend, manifest: $manifest, perspective: { draft: true } }) { ...StudioPreviewSnapshot }\n  }\n": types.StudioPreviewAsBuildDocument,
    "\n  query StudioPreviewLive($frontend: ID!, $key: String!, $environment: String!, $manifest: Hash) {\n    screen(at: { key: $key }, context: { frontend: $frontend, environment: $environment, manifest: $manifest }) { ...StudioPreviewSnapshot }\n  }\n": types.StudioPreviewLiveDocument,
    "\n  mutation StudioPreviewLink($input: PreviewLinkCreateInput!) {\n    previewLinkCreate(input: $input) { url token expiresAt userErrors { message } }\n  }\n": types.StudioPreviewLinkDocument,
    "\n  query StudioReached($id: ID!) {\n    node(id: $id) { ... on Activation { delivery { streams frontends lastMs } } }\n  }\n": types.StudioReachedDocument,
    "\n  mutation StudioUndo($input: ReleaseRollBackInput!) {\n    releaseRollBack(input: $input) {\n      activation { id kind release { id number hash } previous { id number } }\n      userErrors { message code ... on LiveMoved { live { number } } }\n    }\n  }\n": types.StudioUndoDocument,
    "\n  query StudioPublishPlan($slug: String!, $environment: String!, $screens: [String!]) {\n    frontend(slug: $slug) {\n      environment(key: $environment) { live { id number hash title createdAt author { name } } }\n      publishPlan(environment: $environment, screens: $screens) {\n        canPublish\n        expectedLiveHash\n        changes { kind key change summary }\n        problems { severity code message screen blockKey }\n        affectedBuilds { build { id name } screens degradations { blockKey wanted served reason } }\n      }\n    }\n  }\n": types.StudioPublishPlanDocument,
    "\n  mutation StudioPublish($input: ReleasePublishInput!) {\n    releasePublish(input: $input) {\n      activation { id kind release { id number hash } previous { id number } }\n      userErrors { message code }\n    }\n  }\n": types.StudioPublishDocument,
    "\n  mutation StudioSchedule($input: ReleaseScheduleInput!) {\n    releaseSchedule(input: $input) { schedule { id at release { number } } userErrors { message code } }\n  }\n": types.StudioScheduleDocument,
    "\n  mutation StudioScheduleCancel($input: ReleaseScheduleCancelInput!) {\n    releaseScheduleCancel(input: $input) { schedule { id state } userErrors { message } }\n  }\n": types.StudioScheduleCancelDocument,
    "\n  query StudioCompare($id: ID!, $against: ID!) {\n    node(id: $id) { ... on Release { changes(against: $against) { kind key change summary before after } } }\n  }\n": types.StudioCompareDocument,
    "\n  query StudioRelease($id: ID!) {\n    node(id: $id) {\n      ... on Release {\n        notes hash\n        parent { number title }\n        changes { kind key change summary before after }\n        items(first: 100) { totalCount edges { node { kind key change } } }\n      }\n    }\n  }\n": types.StudioReleaseDocument,
    "\n  query StudioReleases($slug: String!, $after: String) {\n    frontend(slug: $slug) {\n      releases(first: 25, after: $after) {\n        totalCount\n        pageInfo { hasNextPage endCursor }\n        edges { node { id number hash title createdAt author { name } changes { kind key change summary } } }\n      }\n    }\n  }\n": types.StudioReleasesDocument,
    "\n  query StudioLog($slug: String!, $environment: String!, $after: String) {\n    frontend(slug: $slug) {\n      environment(key: $environment) {\n        activations(first: 50, after: $after) {\n          pageInfo { hasNextPage endCursor }\n          edges { node { id kind sequence at reason actor { name } release { number title } previous { number } delivery { frontends lastMs } } }\n        }\n      }\n    }\n  }\n": types.StudioLogDocument,
    "\n  mutation StudioPromote($input: ReleasePromoteInput!) {\n    releasePromote(input: $input) {\n      activation { id kind release { id number hash } previous { id number } }\n      userErrors { message code ... on LiveMoved { live { number } } }\n    }\n  }\n": types.StudioPromoteDocument,
    "\n  mutation StudioRollBack($input: ReleaseRollBackInput!) {\n    releaseRollBack(input: $input) {\n      activation { id kind release { id number hash } previous { id number } }\n      userErrors { message code ... on LiveMoved { live { number hash } } }\n    }\n  }\n": types.StudioRollBackDocument,
    "\n  query StudioSchedules($slug: String!) {\n    frontend(slug: $slug) {\n      environments { key schedules(first: 20) { edges { node { id at state problem release { number title } } } } }\n    }\n  }\n": types.StudioSchedulesDocument,
    "\n  query StudioStanding($slug: String!) {\n    frontend(slug: $slug) {\n      environments {\n        id key\n        live { id number hash title }\n        activations(first: 100) { totalCount edges { node { kind release { id } previous { id } } } }\n      }\n    }\n  }\n": types.StudioStandingDocument,
    "\n  query StudioTimeScreens($slug: String!) {\n    frontend(slug: $slug) { screens(first: 100) { edges { node { key title path } } } }\n  }\n": types.StudioTimeScreensDocument,
    "\n  query StudioThen($frontend: ID!, $environment: String!, $screen: String!, $release: ID!) {\n    screen(at: { key: $screen }, context: { frontend: $frontend, environment: $environment, perspective: { release: $release } }) {\n      id key title path params contentHash root\n      blocks { key component version props slots { name blocks } }\n      degradations { blockKey wanted served reason }\n    }\n  }\n": types.StudioThenDocument,
    "\n  mutation StudioScreenCreate($input: ScreenCreateInput!) {\n    screenCreate(input: $input) { screen { key } userErrors { message path } }\n  }\n": types.StudioScreenCreateDocument,
    "\n  query StudioScreens($slug: String!, $filter: ScreenFilter, $after: String) {\n    frontend(slug: $slug) {\n      screens(first: 100, after: $after, filter: $filter) {\n        totalCount\n        pageInfo { hasNextPage endCursor }\n        edges { node { id key title path status updatedAt updatedBy { name } problems { severity } } }\n      }\n    }\n  }\n": types.StudioScreensDocument,
    "\n  subscription StudioFleetSummary {\n    fleet { instances { id serviceName name state utilization health { state } } left complete }\n  }\n": types.StudioFleetSummaryDocument,
    "\n  subscription StudioFleet($service: String!) {\n    fleet(service: $service) { instances { ...StudioInstanceFacts } left complete }\n  }\n  fragment StudioInstanceFacts on Instance {\n    id name url version agent weight state since lastSeenAt\n    health { state since reason }\n    utilization inFlight capacity cpu cores memory restarts\n    figures { calls errors p50Ms p95Ms p99Ms since }\n  }\n": types.StudioFleetDocument,
    "\n  query StudioHistory($service: String!, $minutes: Int!) {\n    fleet(service: $service) { id name history(minutes: $minutes) { at utilization cpu memory inFlight rate errors p50Ms p95Ms p99Ms } }\n  }\n": types.StudioHistoryDocument,
    "\n  mutation StudioServiceScale($input: ServiceScaleInput!) {\n    serviceScale(input: $input) { service { id ...StudioServiceScaleFacts } userErrors { message } }\n  }\n  fragment StudioServiceScaleFacts on Service {\n    replicas replicasReason replicasSince\n    policy { minimum maximum targetUtilization calmDownSeconds }\n  }\n": types.StudioServiceScaleDocument,
    "\n  mutation StudioServicePolicySet($input: ServicePolicySetInput!) {\n    servicePolicySet(input: $input) { service { id ...StudioServiceScaleFacts } userErrors { message } }\n  }\n": types.StudioServicePolicySetDocument,
    "\n  mutation StudioInstanceDrain($input: InstanceDrainInput!) {\n    instanceDrain(input: $input) { instance { id state } userErrors { message } }\n  }\n": types.StudioInstanceDrainDocument,
    "\n  subscription StudioServices {\n    services {\n      services { ...StudioServiceFacts }\n      withdrawn\n      complete\n    }\n  }\n  fragment StudioServiceFacts on Service {\n    id name url owner description contact repository docsUrl allowedHosts\n    live { id number publishedAt }\n    health { state since reason }\n  }\n": types.StudioServicesDocument,
    "\n  query StudioServiceFigures {\n    services(first: 100) {\n      edges { node { id name ...StudioServiceScaleFacts figures { calls errors p50Ms p95Ms p99Ms since breaker } } }\n    }\n    supergraph { id number composedAt }\n  }\n": types.StudioServiceFiguresDocument,
    "\n  query StudioServiceFrontends {\n    frontends(first: 6) { totalCount edges { node { id slug name } } }\n  }\n": types.StudioServiceFrontendsDocument,
    "\n  query StudioServiceVersions($name: String!, $after: String) {\n    service(name: $name) {\n      id\n      live { id number }\n      versions(first: 20, after: $after) {\n        totalCount\n        pageInfo { hasNextPage endCursor }\n        edges { node { id number hash publishedAt publishedBy { id name } } }\n      }\n    }\n  }\n": types.StudioServiceVersionsDocument,
    "\n  query StudioServiceSchemas($ids: [ID!]!) {\n    nodes(ids: $ids) { ... on SubgraphVersion { id number sdl } }\n  }\n": types.StudioServiceSchemasDocument,
    "\n  mutation StudioSubgraphCheck($input: SubgraphInput!) {\n    subgraphCheck(input: $input) { check { ...StudioCheckFacts } userErrors { message path } }\n  }\n  fragment StudioCheckFacts on SubgraphCheck {\n    ok\n    composition { severity code message hint service line column }\n    changes { kind path breaking message }\n    brokenDocuments { document { id name } frontend { id slug name } reason }\n    brokenElsewhere\n  }\n": types.StudioSubgraphCheckDocument,
    "\n  mutation StudioSubgraphRollBack($input: SubgraphRollBackInput!) {\n    subgraphRollBack(input: $input) { service { id live { id number } } userErrors { message code ... on CompositionFailed { check { ...StudioCheckFacts } } } }\n  }\n": types.StudioSubgraphRollBackDocument,
    "\n  mutation StudioServiceWithdraw($input: ServiceWithdrawInput!) {\n    serviceWithdraw(input: $input) { withdrawn userErrors { message code ... on CompositionFailed { check { ...StudioCheckFacts } } } }\n  }\n": types.StudioServiceWithdrawDocument,
    "\n  mutation StudioEnvironmentCreate($input: EnvironmentCreateInput!) {\n    environmentCreate(input: $input) { environment { id key } userErrors { message } }\n  }\n": types.StudioEnvironmentCreateDocument,
    "\n  mutation StudioEnvironmentUpdate($input: EnvironmentUpdateInput!) {\n    environmentUpdate(input: $input) { environment { id delivery } userErrors { message } }\n  }\n": types.StudioEnvironmentUpdateDocument,
    "\n  mutation StudioFrontendUpdate($input: FrontendUpdateInput!) {\n    frontendUpdate(input: $input) { frontend { id name origins previewUrl } userErrors { message path } }\n  }\n": types.StudioFrontendUpdateDocument,
    "\n  query StudioSettings($slug: String!) {\n    frontend(slug: $slug) {\n      id slug name origins previewUrl usageEnabled\n      environments { id key delivery }\n    }\n  }\n": types.StudioSettingsDocument,
    "\n  mutation StudioUsageSet($input: FrontendUpdateInput!) {\n    frontendUpdate(input: $input) { frontend { id usageEnabled } userErrors { message } }\n  }\n": types.StudioUsageSetDocument,
    "\n  query StudioFrontends {\n    frontends(first: 100) { edges { node { id slug name } } }\n  }\n": types.StudioFrontendsDocument,
    "\n  mutation StudioFrontendCreate($input: FrontendCreateInput!) {\n    frontendCreate(input: $input) { frontend { slug } userErrors { message path } }\n  }\n": types.StudioFrontendCreateDocument,
    "\n  mutation StudioSignIn($input: SessionCreateInput!) {\n    sessionCreate(input: $input) { viewer { ...StudioViewerFacts } userErrors { message code path } }\n  }\n": types.StudioSignInDocument,
    "\n  mutation StudioJoin($input: MemberLinkAcceptInput!) {\n    memberLinkAccept(input: $input) { viewer { ...StudioViewerFacts } userErrors { message code path } }\n  }\n": types.StudioJoinDocument,
    "\n  mutation StudioSetup($input: SetupCompleteInput!) {\n    setupComplete(input: $input) { viewer { ...StudioViewerFacts } userErrors { message code path } }\n  }\n": types.StudioSetupDocument,
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
export function graphql(source: "\n  query StudioAdmins {\n    members(first: 100) { edges { node { id name state grants { role frontend } } } }\n  }\n"): (typeof documents)["\n  query StudioAdmins {\n    members(first: 100) { edges { node { id name state grants { role frontend } } } }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query StudioViewer {\n    viewer { ...StudioViewerFacts }\n  }\n  fragment StudioViewerFacts on Viewer {\n    actor { id name }\n    credential\n    scopes\n    grants { role scopes frontend frontendSlug environments services }\n    member { id email name }\n  }\n"): (typeof documents)["\n  query StudioViewer {\n    viewer { ...StudioViewerFacts }\n  }\n  fragment StudioViewerFacts on Viewer {\n    actor { id name }\n    credential\n    scopes\n    grants { role scopes frontend frontendSlug environments services }\n    member { id email name }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation StudioSignOut { sessionEnd { userErrors { message } } }\n"): (typeof documents)["\n  mutation StudioSignOut { sessionEnd { userErrors { message } } }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation StudioSessionsEnd($input: MemberSessionsEndInput!) {\n    memberSessionsEnd(input: $input) { member { id } userErrors { message } }\n  }\n"): (typeof documents)["\n  mutation StudioSessionsEnd($input: MemberSessionsEndInput!) {\n    memberSessionsEnd(input: $input) { member { id } userErrors { message } }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation StudioPasswordChange($input: PasswordChangeInput!) {\n    passwordChange(input: $input) { viewer { ...StudioViewerFacts } userErrors { message code path } }\n  }\n"): (typeof documents)["\n  mutation StudioPasswordChange($input: PasswordChangeInput!) {\n    passwordChange(input: $input) { viewer { ...StudioViewerFacts } userErrors { message code path } }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  subscription StudioAlerts {\n    alerts { alerts { id rule severity serviceName since message hint instance { id name } } }\n  }\n"): (typeof documents)["\n  subscription StudioAlerts {\n    alerts { alerts { id rule severity serviceName since message hint instance { id name } } }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query StudioApi($slug: String!, $environment: String!) {\n    frontend(slug: $slug) {\n      routes(environment: $environment) { path }\n      builds(first: 20) { totalCount edges { node { id name manifest registeredAt lastSeenAt } } }\n    }\n  }\n"): (typeof documents)["\n  query StudioApi($slug: String!, $environment: String!) {\n    frontend(slug: $slug) {\n      routes(environment: $environment) { path }\n      builds(first: 20) { totalCount edges { node { id name manifest registeredAt lastSeenAt } } }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query StudioKnownAssets($slug: String!, $hashes: [Hash!]!) {\n    frontend(slug: $slug) { assets(first: 100, hashes: $hashes) { edges { node { id hash url width height placeholder name } } } }\n  }\n"): (typeof documents)["\n  query StudioKnownAssets($slug: String!, $hashes: [Hash!]!) {\n    frontend(slug: $slug) { assets(first: 100, hashes: $hashes) { edges { node { id hash url width height placeholder name } } } }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query StudioAssets($slug: String!, $query: String, $after: String) {\n    frontend(slug: $slug) {\n      assets(first: 40, after: $after, query: $query) {\n        edges { node { id hash url width height placeholder name } }\n        pageInfo { hasNextPage endCursor }\n        totalCount\n      }\n    }\n  }\n"): (typeof documents)["\n  query StudioAssets($slug: String!, $query: String, $after: String) {\n    frontend(slug: $slug) {\n      assets(first: 40, after: $after, query: $query) {\n        edges { node { id hash url width height placeholder name } }\n        pageInfo { hasNextPage endCursor }\n        totalCount\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query StudioAudit($after: String, $subject: ID, $filter: AuditFilter) {\n    auditLog(first: 50, after: $after, subject: $subject, filter: $filter) {\n      totalCount\n      pageInfo { hasNextPage endCursor }\n      edges { cursor node { id at actor { id kind name } action frontend subjectId subjectLabel requestId } }\n    }\n  }\n"): (typeof documents)["\n  query StudioAudit($after: String, $subject: ID, $filter: AuditFilter) {\n    auditLog(first: 50, after: $after, subject: $subject, filter: $filter) {\n      totalCount\n      pageInfo { hasNextPage endCursor }\n      edges { cursor node { id at actor { id kind name } action frontend subjectId subjectLabel requestId } }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query StudioAuditEntry($id: ID!) {\n    node(id: $id) { ... on AuditEntry { id sequence detail requestId hash previousHash } }\n  }\n"): (typeof documents)["\n  query StudioAuditEntry($id: ID!) {\n    node(id: $id) { ... on AuditEntry { id sequence detail requestId hash previousHash } }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query StudioAuditHead {\n    auditLog(first: 1) { edges { cursor node { id at hash } } }\n  }\n"): (typeof documents)["\n  query StudioAuditHead {\n    auditLog(first: 1) { edges { cursor node { id at hash } } }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query StudioAuditRefusals($after: String) {\n    auditRefusals(first: 50, after: $after) {\n      totalCount\n      pageInfo { hasNextPage endCursor }\n      edges { cursor node { at actor { id kind name } source action code count } }\n    }\n  }\n"): (typeof documents)["\n  query StudioAuditRefusals($after: String) {\n    auditRefusals(first: 50, after: $after) {\n      totalCount\n      pageInfo { hasNextPage endCursor }\n      edges { cursor node { at actor { id kind name } source action code count } }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query StudioAuditMembers { members(first: 100) { edges { node { id name } } } }\n"): (typeof documents)["\n  query StudioAuditMembers { members(first: 100) { edges { node { id name } } } }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query StudioAuditKeys { apiKeys(first: 100) { edges { node { id name prefix } } } }\n"): (typeof documents)["\n  query StudioAuditKeys { apiKeys(first: 100) { edges { node { id name prefix } } } }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query StudioBindableList($slug: String!, $first: Int!, $query: String) {\n    frontend(slug: $slug) {\n      id\n      documents(first: $first, query: $query) {\n        totalCount\n        edges { node { id hash name kind calls lastUsedAt retiredAt valid invalidReason publicMaxAge variables { name required } } }\n      }\n    }\n  }\n"): (typeof documents)["\n  query StudioBindableList($slug: String!, $first: Int!, $query: String) {\n    frontend(slug: $slug) {\n      id\n      documents(first: $first, query: $query) {\n        totalCount\n        edges { node { id hash name kind calls lastUsedAt retiredAt valid invalidReason publicMaxAge variables { name required } } }\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query StudioBindable($slug: String!, $hash: String!) {\n    frontend(slug: $slug) { id documents(first: 1, query: $hash) { edges { node { ...StudioBindable } } } }\n  }\n  fragment StudioBindable on TrustedDocument {\n    id hash name kind retiredAt valid invalidReason publicMaxAge result\n    variables { name type required default }\n  }\n"): (typeof documents)["\n  query StudioBindable($slug: String!, $hash: String!) {\n    frontend(slug: $slug) { id documents(first: 1, query: $hash) { edges { node { ...StudioBindable } } } }\n  }\n  fragment StudioBindable on TrustedDocument {\n    id hash name kind retiredAt valid invalidReason publicMaxAge result\n    variables { name type required default }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query StudioDocumentName($slug: String!, $hash: String!) {\n    frontend(slug: $slug) { id documents(first: 1, query: $hash) { edges { node { id hash name } } } }\n  }\n"): (typeof documents)["\n  query StudioDocumentName($slug: String!, $hash: String!) {\n    frontend(slug: $slug) { id documents(first: 1, query: $hash) { edges { node { id hash name } } } }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query StudioChanges($slug: String!, $environment: String!) {\n    frontend(slug: $slug) {\n      environment(key: $environment) { live { id number } }\n      publishPlan(environment: $environment) {\n        changes { kind key change summary before after }\n        problems { severity code message screen blockKey }\n      }\n    }\n  }\n"): (typeof documents)["\n  query StudioChanges($slug: String!, $environment: String!) {\n    frontend(slug: $slug) {\n      environment(key: $environment) { live { id number } }\n      publishPlan(environment: $environment) {\n        changes { kind key change summary before after }\n        problems { severity code message screen blockKey }\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query StudioDraft($slug: String!, $query: String!, $after: String) {\n    frontend(slug: $slug) {\n      screens(first: 100, after: $after, filter: { query: $query }) {\n        pageInfo { hasNextPage endCursor }\n        edges { node { id key version title path body } }\n      }\n    }\n  }\n"): (typeof documents)["\n  query StudioDraft($slug: String!, $query: String!, $after: String) {\n    frontend(slug: $slug) {\n      screens(first: 100, after: $after, filter: { query: $query }) {\n        pageInfo { hasNextPage endCursor }\n        edges { node { id key version title path body } }\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation StudioDiscard($input: ScreenEditInput!) {\n    screenEdit(input: $input) {\n      screen { version }\n      inverse { kind key component major parent slot index props patch }\n      userErrors { message }\n    }\n  }\n"): (typeof documents)["\n  mutation StudioDiscard($input: ScreenEditInput!) {\n    screenEdit(input: $input) {\n      screen { version }\n      inverse { kind key component major parent slot index props patch }\n      userErrors { message }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation StudioDiscardHead($input: ScreenUpdateInput!) { screenUpdate(input: $input) { screen { version } userErrors { message } } }\n"): (typeof documents)["\n  mutation StudioDiscardHead($input: ScreenUpdateInput!) { screenUpdate(input: $input) { screen { version } userErrors { message } } }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation StudioRevert($input: ScreenRevertInput!) { screenRevert(input: $input) { screen { id version title path body } userErrors { message } } }\n"): (typeof documents)["\n  mutation StudioRevert($input: ScreenRevertInput!) { screenRevert(input: $input) { screen { id version title path body } userErrors { message } } }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation StudioDiscardNew($input: ScreenDeleteInput!) { screenDelete(input: $input) { deletedId userErrors { message } } }\n"): (typeof documents)["\n  mutation StudioDiscardNew($input: ScreenDeleteInput!) { screenDelete(input: $input) { deletedId userErrors { message } } }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation StudioBringBack($input: ScreenCreateInput!) { screenCreate(input: $input) { screen { id } userErrors { message } } }\n"): (typeof documents)["\n  mutation StudioBringBack($input: ScreenCreateInput!) { screenCreate(input: $input) { screen { id } userErrors { message } } }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query StudioComponents($slug: String!, $after: String) {\n    frontend(slug: $slug) {\n      components(first: 100, after: $after) {\n        totalCount\n        pageInfo { hasNextPage endCursor }\n        edges { node { id key title category versions { id version } } }\n      }\n    }\n  }\n"): (typeof documents)["\n  query StudioComponents($slug: String!, $after: String) {\n    frontend(slug: $slug) {\n      components(first: 100, after: $after) {\n        totalCount\n        pageInfo { hasNextPage endCursor }\n        edges { node { id key title category versions { id version } } }\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query StudioComponent($slug: String!, $id: ID!) {\n    node(id: $id) {\n      ... on Component {\n        id key title category\n        versions { id version propsSchema uiSchema slots fallback examples }\n        usedBy { id key title path }\n      }\n    }\n    frontend(slug: $slug) {\n      builds(first: 100) { totalCount edges { node { id name registeredAt lastSeenAt components { key version range } } } }\n    }\n  }\n"): (typeof documents)["\n  query StudioComponent($slug: String!, $id: ID!) {\n    node(id: $id) {\n      ... on Component {\n        id key title category\n        versions { id version propsSchema uiSchema slots fallback examples }\n        usedBy { id key title path }\n      }\n    }\n    frontend(slug: $slug) {\n      builds(first: 100) { totalCount edges { node { id name registeredAt lastSeenAt components { key version range } } } }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query StudioSafelist($slug: String!) {\n    frontend(slug: $slug) { id safelist }\n  }\n"): (typeof documents)["\n  query StudioSafelist($slug: String!) {\n    frontend(slug: $slug) { id safelist }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query StudioDocuments($slug: String!, $after: String, $query: String) {\n    frontend(slug: $slug) {\n      id\n      documents(first: 50, after: $after, query: $query) {\n        totalCount\n        pageInfo { hasNextPage endCursor }\n        edges { node { ...StudioDocumentFacts } }\n      }\n    }\n  }\n  fragment StudioDocumentFacts on TrustedDocument {\n    id hash name kind calls errors p50Ms p95Ms lastUsedAt retiredAt valid invalidReason\n  }\n"): (typeof documents)["\n  query StudioDocuments($slug: String!, $after: String, $query: String) {\n    frontend(slug: $slug) {\n      id\n      documents(first: 50, after: $after, query: $query) {\n        totalCount\n        pageInfo { hasNextPage endCursor }\n        edges { node { ...StudioDocumentFacts } }\n      }\n    }\n  }\n  fragment StudioDocumentFacts on TrustedDocument {\n    id hash name kind calls errors p50Ms p95Ms lastUsedAt retiredAt valid invalidReason\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query StudioDocument($id: ID!) {\n    node(id: $id) { ... on TrustedDocument { id body registeredAt publicMaxAge builds { build calls errors } } }\n  }\n"): (typeof documents)["\n  query StudioDocument($id: ID!) {\n    node(id: $id) { ... on TrustedDocument { id body registeredAt publicMaxAge builds { build calls errors } } }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query StudioUnknownDocuments($slug: String!, $first: Int, $after: String) {\n    frontend(slug: $slug) {\n      id\n      unknownDocuments(first: $first, after: $after) {\n        totalCount\n        pageInfo { hasNextPage endCursor }\n        edges { node { ...StudioUnknownDocumentFacts } }\n      }\n    }\n  }\n  fragment StudioUnknownDocumentFacts on UnknownDocument { hash name body calls firstSeenAt lastSeenAt }\n"): (typeof documents)["\n  query StudioUnknownDocuments($slug: String!, $first: Int, $after: String) {\n    frontend(slug: $slug) {\n      id\n      unknownDocuments(first: $first, after: $after) {\n        totalCount\n        pageInfo { hasNextPage endCursor }\n        edges { node { ...StudioUnknownDocumentFacts } }\n      }\n    }\n  }\n  fragment StudioUnknownDocumentFacts on UnknownDocument { hash name body calls firstSeenAt lastSeenAt }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query StudioBeforeEnforcing($slug: String!, $after: String) {\n    frontend(slug: $slug) {\n      id\n      documents(first: 100, after: $after) {\n        pageInfo { hasNextPage endCursor }\n        edges { node { id retiredAt valid } }\n      }\n      unknownDocuments(first: 1) { totalCount }\n    }\n  }\n"): (typeof documents)["\n  query StudioBeforeEnforcing($slug: String!, $after: String) {\n    frontend(slug: $slug) {\n      id\n      documents(first: 100, after: $after) {\n        pageInfo { hasNextPage endCursor }\n        edges { node { id retiredAt valid } }\n      }\n      unknownDocuments(first: 1) { totalCount }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation StudioDocumentsRegister($input: DocumentsRegisterInput!) {\n    documentsRegister(input: $input) {\n      added\n      documents { id name kind }\n      userErrors { message path ... on DocumentInvalid { name line column } }\n    }\n  }\n"): (typeof documents)["\n  mutation StudioDocumentsRegister($input: DocumentsRegisterInput!) {\n    documentsRegister(input: $input) {\n      added\n      documents { id name kind }\n      userErrors { message path ... on DocumentInvalid { name line column } }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation StudioDocumentRetire($input: DocumentRetireInput!) {\n    documentRetire(input: $input) { document { ...StudioDocumentFacts } userErrors { message path } }\n  }\n"): (typeof documents)["\n  mutation StudioDocumentRetire($input: DocumentRetireInput!) {\n    documentRetire(input: $input) { document { ...StudioDocumentFacts } userErrors { message path } }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation StudioDocumentUpdate($input: DocumentUpdateInput!) {\n    documentUpdate(input: $input) { document { id publicMaxAge } userErrors { message path } }\n  }\n"): (typeof documents)["\n  mutation StudioDocumentUpdate($input: DocumentUpdateInput!) {\n    documentUpdate(input: $input) { document { id publicMaxAge } userErrors { message path } }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation StudioSafelistSet($input: SafelistSetInput!) {\n    safelistSet(input: $input) { frontend { id safelist } userErrors { message path } }\n  }\n"): (typeof documents)["\n  mutation StudioSafelistSet($input: SafelistSetInput!) {\n    safelistSet(input: $input) { frontend { id safelist } userErrors { message path } }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query StudioFormScreens($slug: String!) {\n    frontend(slug: $slug) { screens(first: 100) { edges { node { id title path } } } }\n  }\n"): (typeof documents)["\n  query StudioFormScreens($slug: String!) {\n    frontend(slug: $slug) { screens(first: 100) { edges { node { id title path } } } }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation StudioEditorUpdate($input: ScreenUpdateInput!) {\n    screenUpdate(input: $input) {\n      screen { title path version status problems { severity code message blockKey pointer } }\n      userErrors { code message ... on VersionConflict { current { title path version status problems { severity code message blockKey pointer } } } }\n    }\n  }\n"): (typeof documents)["\n  mutation StudioEditorUpdate($input: ScreenUpdateInput!) {\n    screenUpdate(input: $input) {\n      screen { title path version status problems { severity code message blockKey pointer } }\n      userErrors { code message ... on VersionConflict { current { title path version status problems { severity code message blockKey pointer } } } }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation StudioEditorRevert($input: ScreenRevertInput!) {\n    screenRevert(input: $input) { screen { version } userErrors { message } }\n  }\n"): (typeof documents)["\n  mutation StudioEditorRevert($input: ScreenRevertInput!) {\n    screenRevert(input: $input) { screen { version } userErrors { message } }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation StudioEditorDelete($input: ScreenDeleteInput!) {\n    screenDelete(input: $input) { deletedId userErrors { message } }\n  }\n"): (typeof documents)["\n  mutation StudioEditorDelete($input: ScreenDeleteInput!) {\n    screenDelete(input: $input) { deletedId userErrors { message } }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation StudioEditorBringBack($input: ScreenCreateInput!) {\n    screenCreate(input: $input) { screen { id key version } userErrors { message } }\n  }\n"): (typeof documents)["\n  mutation StudioEditorBringBack($input: ScreenCreateInput!) {\n    screenCreate(input: $input) { screen { id key version } userErrors { message } }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation StudioEditorDuplicate($input: ScreenDuplicateInput!) {\n    screenDuplicate(input: $input) { screen { key } userErrors { message path } }\n  }\n"): (typeof documents)["\n  mutation StudioEditorDuplicate($input: ScreenDuplicateInput!) {\n    screenDuplicate(input: $input) { screen { key } userErrors { message path } }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query StudioEditorParts($slug: String!) {\n    frontend(slug: $slug) { screens(first: 100) { pageInfo { hasNextPage } edges { node { key title path status } } } }\n  }\n"): (typeof documents)["\n  query StudioEditorParts($slug: String!) {\n    frontend(slug: $slug) { screens(first: 100) { pageInfo { hasNextPage } edges { node { key title path status } } } }\n  }\n"];
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
export function graphql(source: "\n  query StudioEditorFacts($id: ID!) {\n    node(id: $id) {\n      ... on Screen { title path version status problems { severity code message blockKey pointer } }\n    }\n  }\n"): (typeof documents)["\n  query StudioEditorFacts($id: ID!) {\n    node(id: $id) {\n      ... on Screen { title path version status problems { severity code message blockKey pointer } }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query StudioEditorCatalogue($slug: String!, $after: String) {\n    frontend(slug: $slug) {\n      components(first: 100, after: $after) {\n        pageInfo { hasNextPage endCursor }\n        edges { node { key title category versions { version propsSchema uiSchema slots fallback examples } } }\n      }\n    }\n  }\n"): (typeof documents)["\n  query StudioEditorCatalogue($slug: String!, $after: String) {\n    frontend(slug: $slug) {\n      components(first: 100, after: $after) {\n        pageInfo { hasNextPage endCursor }\n        edges { node { key title category versions { version propsSchema uiSchema slots fallback examples } } }\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation StudioEditorEdit($input: ScreenEditInput!, $whole: Boolean!) {\n    screenEdit(input: $input) {\n      screen {\n        title path version status\n        problems { severity code message blockKey pointer }\n        blocks @include(if: $whole) { key component major props slots { name blocks } }\n      }\n      userErrors {\n        code message path\n        ... on InputError { pointer }\n        ... on VersionConflict {\n          conflictingBlocks\n          current { title path version status problems { severity code message blockKey pointer } blocks { key component major props slots { name blocks } } }\n        }\n      }\n    }\n  }\n"): (typeof documents)["\n  mutation StudioEditorEdit($input: ScreenEditInput!, $whole: Boolean!) {\n    screenEdit(input: $input) {\n      screen {\n        title path version status\n        problems { severity code message blockKey pointer }\n        blocks @include(if: $whole) { key component major props slots { name blocks } }\n      }\n      userErrors {\n        code message path\n        ... on InputError { pointer }\n        ... on VersionConflict {\n          conflictingBlocks\n          current { title path version status problems { severity code message blockKey pointer } blocks { key component major props slots { name blocks } } }\n        }\n      }\n    }\n  }\n"];
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
export function graphql(source: "\n  query StudioBlockUsage($slug: String!, $screen: ID!, $environment: String!) {\n    frontend(slug: $slug) { usageEnabled }\n    node(id: $screen) {\n      ... on Screen {\n        id\n        day: usage(environment: $environment, window: DAY) { count { views clicks renderErrors } blocks { blockKey count { views clicks renderErrors } } }\n        week: usage(environment: $environment, window: WEEK) { count { views clicks renderErrors } blocks { blockKey count { views clicks renderErrors } } }\n      }\n    }\n  }\n"): (typeof documents)["\n  query StudioBlockUsage($slug: String!, $screen: ID!, $environment: String!) {\n    frontend(slug: $slug) { usageEnabled }\n    node(id: $screen) {\n      ... on Screen {\n        id\n        day: usage(environment: $environment, window: DAY) { count { views clicks renderErrors } blocks { blockKey count { views clicks renderErrors } } }\n        week: usage(environment: $environment, window: WEEK) { count { views clicks renderErrors } blocks { blockKey count { views clicks renderErrors } } }\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query StudioHome($slug: String!) {\n    frontend(slug: $slug) {\n      environments {\n        id key\n        live { id number title }\n        activations(first: 1) { edges { node { id kind at reason actor { name } } } }\n        schedules(first: 20) { edges { node { id at state problem release { id number title } } } }\n      }\n      edited: screens(first: 20, filter: { status: EDITED }) { totalCount edges { node { id key title status updatedAt updatedBy { name } } } }\n      added: screens(first: 20, filter: { status: NEW }) { totalCount edges { node { id key title status updatedAt updatedBy { name } } } }\n      deleted: screens(first: 20, filter: { status: DELETED }) { totalCount edges { node { id key title status updatedAt updatedBy { name } } } }\n      screens(first: 100) { totalCount edges { node { id key title problems { severity code message blockKey pointer } } } }\n    }\n  }\n"): (typeof documents)["\n  query StudioHome($slug: String!) {\n    frontend(slug: $slug) {\n      environments {\n        id key\n        live { id number title }\n        activations(first: 1) { edges { node { id kind at reason actor { name } } } }\n        schedules(first: 20) { edges { node { id at state problem release { id number title } } } }\n      }\n      edited: screens(first: 20, filter: { status: EDITED }) { totalCount edges { node { id key title status updatedAt updatedBy { name } } } }\n      added: screens(first: 20, filter: { status: NEW }) { totalCount edges { node { id key title status updatedAt updatedBy { name } } } }\n      deleted: screens(first: 20, filter: { status: DELETED }) { totalCount edges { node { id key title status updatedAt updatedBy { name } } } }\n      screens(first: 100) { totalCount edges { node { id key title problems { severity code message blockKey pointer } } } }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query StudioUsage($slug: String!, $environment: String!, $window: UsageWindow!) {\n    frontend(slug: $slug) {\n      usageEnabled\n      usage(environment: $environment, window: $window) {\n        total { views clicks renderErrors }\n        previous { views clicks renderErrors }\n        hours { at count { views clicks renderErrors } }\n        screens { screenKey count { views clicks renderErrors } previous { views } }\n        blocks { screenKey blockKey count { views clicks renderErrors } }\n        releases { release { id number title createdAt } count { views renderErrors } }\n        builds { build count { views renderErrors } }\n      }\n    }\n  }\n"): (typeof documents)["\n  query StudioUsage($slug: String!, $environment: String!, $window: UsageWindow!) {\n    frontend(slug: $slug) {\n      usageEnabled\n      usage(environment: $environment, window: $window) {\n        total { views clicks renderErrors }\n        previous { views clicks renderErrors }\n        hours { at count { views clicks renderErrors } }\n        screens { screenKey count { views clicks renderErrors } previous { views } }\n        blocks { screenKey blockKey count { views clicks renderErrors } }\n        releases { release { id number title createdAt } count { views renderErrors } }\n        builds { build count { views renderErrors } }\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation StudioUsageEnable($input: FrontendUpdateInput!) {\n    frontendUpdate(input: $input) { frontend { id usageEnabled } userErrors { message } }\n  }\n"): (typeof documents)["\n  mutation StudioUsageEnable($input: FrontendUpdateInput!) {\n    frontendUpdate(input: $input) { frontend { id usageEnabled } userErrors { message } }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query StudioKeysHere($slug: String!, $after: String) {\n    frontend(slug: $slug) {\n      id\n      apiKeys(first: 100, after: $after) { ...StudioKeyPage }\n    }\n  }\n  fragment StudioKeyPage on ApiKeyConnection {\n    totalCount\n    pageInfo { hasNextPage endCursor }\n    edges { node { ...StudioKeyFacts } }\n  }\n  fragment StudioKeyFacts on ApiKey {\n    id name prefix scopes environments services publishable requestsPerMinute\n    frontend { id slug name }\n    createdAt lastUsedAt expiresAt rotatedAt revokedAt\n    createdBy { id name }\n  }\n"): (typeof documents)["\n  query StudioKeysHere($slug: String!, $after: String) {\n    frontend(slug: $slug) {\n      id\n      apiKeys(first: 100, after: $after) { ...StudioKeyPage }\n    }\n  }\n  fragment StudioKeyPage on ApiKeyConnection {\n    totalCount\n    pageInfo { hasNextPage endCursor }\n    edges { node { ...StudioKeyFacts } }\n  }\n  fragment StudioKeyFacts on ApiKey {\n    id name prefix scopes environments services publishable requestsPerMinute\n    frontend { id slug name }\n    createdAt lastUsedAt expiresAt rotatedAt revokedAt\n    createdBy { id name }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query StudioKeysEverywhere($after: String) {\n    apiKeys(first: 100, after: $after) { ...StudioKeyPage }\n  }\n"): (typeof documents)["\n  query StudioKeysEverywhere($after: String) {\n    apiKeys(first: 100, after: $after) { ...StudioKeyPage }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation StudioKeyCreate($input: ApiKeyCreateInput!) {\n    apiKeyCreate(input: $input) { apiKey { ...StudioKeyFacts } secret userErrors { message path } }\n  }\n"): (typeof documents)["\n  mutation StudioKeyCreate($input: ApiKeyCreateInput!) {\n    apiKeyCreate(input: $input) { apiKey { ...StudioKeyFacts } secret userErrors { message path } }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation StudioKeyRotate($input: ApiKeyRotateInput!) {\n    apiKeyRotate(input: $input) { apiKey { ...StudioKeyFacts } secret userErrors { message path } }\n  }\n"): (typeof documents)["\n  mutation StudioKeyRotate($input: ApiKeyRotateInput!) {\n    apiKeyRotate(input: $input) { apiKey { ...StudioKeyFacts } secret userErrors { message path } }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation StudioKeyRevoke($input: ApiKeyRevokeInput!) {\n    apiKeyRevoke(input: $input) { apiKey { ...StudioKeyFacts } userErrors { message path } }\n  }\n"): (typeof documents)["\n  mutation StudioKeyRevoke($input: ApiKeyRevokeInput!) {\n    apiKeyRevoke(input: $input) { apiKey { ...StudioKeyFacts } userErrors { message path } }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query StudioKeyLastChange($key: ID!) {\n    auditLog(first: 1, filter: { actor: $key }) { edges { node { id at action subjectLabel } } }\n  }\n"): (typeof documents)["\n  query StudioKeyLastChange($key: ID!) {\n    auditLog(first: 1, filter: { actor: $key }) { edges { node { id at action subjectLabel } } }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query StudioKeyTarget($slug: String!, $environment: String!) {\n    frontend(slug: $slug) {\n      id\n      origins\n      routes(environment: $environment) { path }\n    }\n  }\n"): (typeof documents)["\n  query StudioKeyTarget($slug: String!, $environment: String!) {\n    frontend(slug: $slug) {\n      id\n      origins\n      routes(environment: $environment) { path }\n    }\n  }\n"];
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
export function graphql(source: "\n  query StudioMembers($after: String) {\n    members(first: 100, after: $after) {\n      totalCount\n      pageInfo { hasNextPage endCursor }\n      edges { node { ...StudioMemberFacts } }\n    }\n  }\n  fragment StudioMemberFacts on Member {\n    id email name state createdAt lastSignedInAt\n    grants { role scopes frontend frontendSlug environments services }\n  }\n"): (typeof documents)["\n  query StudioMembers($after: String) {\n    members(first: 100, after: $after) {\n      totalCount\n      pageInfo { hasNextPage endCursor }\n      edges { node { ...StudioMemberFacts } }\n    }\n  }\n  fragment StudioMemberFacts on Member {\n    id email name state createdAt lastSignedInAt\n    grants { role scopes frontend frontendSlug environments services }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query StudioGrantPlaces {\n    frontends(first: 100) { edges { node { id slug name environments { id key } } } }\n  }\n"): (typeof documents)["\n  query StudioGrantPlaces {\n    frontends(first: 100) { edges { node { id slug name environments { id key } } } }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation StudioMemberInvite($input: MemberInviteInput!) {\n    memberInvite(input: $input) { member { ...StudioMemberFacts } link expiresAt userErrors { message path } }\n  }\n"): (typeof documents)["\n  mutation StudioMemberInvite($input: MemberInviteInput!) {\n    memberInvite(input: $input) { member { ...StudioMemberFacts } link expiresAt userErrors { message path } }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation StudioMemberUpdate($input: MemberUpdateInput!) {\n    memberUpdate(input: $input) { member { ...StudioMemberFacts } userErrors { message path } }\n  }\n"): (typeof documents)["\n  mutation StudioMemberUpdate($input: MemberUpdateInput!) {\n    memberUpdate(input: $input) { member { ...StudioMemberFacts } userErrors { message path } }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation StudioMemberLink($input: MemberLinkCreateInput!) {\n    memberLinkCreate(input: $input) { member { ...StudioMemberFacts } link expiresAt userErrors { message } }\n  }\n"): (typeof documents)["\n  mutation StudioMemberLink($input: MemberLinkCreateInput!) {\n    memberLinkCreate(input: $input) { member { ...StudioMemberFacts } link expiresAt userErrors { message } }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation StudioMemberRemove($input: MemberRemoveInput!) {\n    memberRemove(input: $input) { removedId userErrors { message } }\n  }\n"): (typeof documents)["\n  mutation StudioMemberRemove($input: MemberRemoveInput!) {\n    memberRemove(input: $input) { removedId userErrors { message } }\n  }\n"];
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
export function graphql(source: "\n  mutation StudioUndoPublish($input: ReleaseRollBackInput!) {\n    releaseRollBack(input: $input) {\n      activation { id kind release { id number hash } previous { id number } }\n      userErrors { message }\n    }\n  }\n"): (typeof documents)["\n  mutation StudioUndoPublish($input: ReleaseRollBackInput!) {\n    releaseRollBack(input: $input) {\n      activation { id kind release { id number hash } previous { id number } }\n      userErrors { message }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query StudioPreviewBuilds($slug: String!) {\n    frontend(slug: $slug) { builds(first: 20) { totalCount edges { node { id name manifest lastSeenAt } } } }\n  }\n"): (typeof documents)["\n  query StudioPreviewBuilds($slug: String!) {\n    frontend(slug: $slug) { builds(first: 20) { totalCount edges { node { id name manifest lastSeenAt } } } }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query StudioPreviewParts($ids: [ID!]!) {\n    nodes(ids: $ids) { ... on Screen { key blocks { key component major props slots { name blocks } } } }\n  }\n"): (typeof documents)["\n  query StudioPreviewParts($ids: [ID!]!) {\n    nodes(ids: $ids) { ... on Screen { key blocks { key component major props slots { name blocks } } } }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  fragment StudioPreviewSnapshot on ScreenSnapshot {\n    id key title path params contentHash root\n    release { number publishedAt }\n    blocks { key component version props bindings { pointer document variables path map } slots { name blocks } }\n    degradations { blockKey wanted served reason }\n  }\n"): (typeof documents)["\n  fragment StudioPreviewSnapshot on ScreenSnapshot {\n    id key title path params contentHash root\n    release { number publishedAt }\n    blocks { key component version props bindings { pointer document variables path map } slots { name blocks } }\n    degradations { blockKey wanted served reason }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query StudioPreviewAsBuild($frontend: ID!, $key: String!, $manifest: Hash!) {\n    screen(at: { key: $key }, context: { frontend: $frontend, manifest: $manifest, perspective: { draft: true } }) { ...StudioPreviewSnapshot }\n  }\n"): (typeof documents)["\n  query StudioPreviewAsBuild($frontend: ID!, $key: String!, $manifest: Hash!) {\n    screen(at: { key: $key }, context: { frontend: $frontend, manifest: $manifest, perspective: { draft: true } }) { ...StudioPreviewSnapshot }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query StudioPreviewLive($frontend: ID!, $key: String!, $environment: String!, $manifest: Hash) {\n    screen(at: { key: $key }, context: { frontend: $frontend, environment: $environment, manifest: $manifest }) { ...StudioPreviewSnapshot }\n  }\n"): (typeof documents)["\n  query StudioPreviewLive($frontend: ID!, $key: String!, $environment: String!, $manifest: Hash) {\n    screen(at: { key: $key }, context: { frontend: $frontend, environment: $environment, manifest: $manifest }) { ...StudioPreviewSnapshot }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation StudioPreviewLink($input: PreviewLinkCreateInput!) {\n    previewLinkCreate(input: $input) { url token expiresAt userErrors { message } }\n  }\n"): (typeof documents)["\n  mutation StudioPreviewLink($input: PreviewLinkCreateInput!) {\n    previewLinkCreate(input: $input) { url token expiresAt userErrors { message } }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query StudioReached($id: ID!) {\n    node(id: $id) { ... on Activation { delivery { streams frontends lastMs } } }\n  }\n"): (typeof documents)["\n  query StudioReached($id: ID!) {\n    node(id: $id) { ... on Activation { delivery { streams frontends lastMs } } }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation StudioUndo($input: ReleaseRollBackInput!) {\n    releaseRollBack(input: $input) {\n      activation { id kind release { id number hash } previous { id number } }\n      userErrors { message code ... on LiveMoved { live { number } } }\n    }\n  }\n"): (typeof documents)["\n  mutation StudioUndo($input: ReleaseRollBackInput!) {\n    releaseRollBack(input: $input) {\n      activation { id kind release { id number hash } previous { id number } }\n      userErrors { message code ... on LiveMoved { live { number } } }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query StudioPublishPlan($slug: String!, $environment: String!, $screens: [String!]) {\n    frontend(slug: $slug) {\n      environment(key: $environment) { live { id number hash title createdAt author { name } } }\n      publishPlan(environment: $environment, screens: $screens) {\n        canPublish\n        expectedLiveHash\n        changes { kind key change summary }\n        problems { severity code message screen blockKey }\n        affectedBuilds { build { id name } screens degradations { blockKey wanted served reason } }\n      }\n    }\n  }\n"): (typeof documents)["\n  query StudioPublishPlan($slug: String!, $environment: String!, $screens: [String!]) {\n    frontend(slug: $slug) {\n      environment(key: $environment) { live { id number hash title createdAt author { name } } }\n      publishPlan(environment: $environment, screens: $screens) {\n        canPublish\n        expectedLiveHash\n        changes { kind key change summary }\n        problems { severity code message screen blockKey }\n        affectedBuilds { build { id name } screens degradations { blockKey wanted served reason } }\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation StudioPublish($input: ReleasePublishInput!) {\n    releasePublish(input: $input) {\n      activation { id kind release { id number hash } previous { id number } }\n      userErrors { message code }\n    }\n  }\n"): (typeof documents)["\n  mutation StudioPublish($input: ReleasePublishInput!) {\n    releasePublish(input: $input) {\n      activation { id kind release { id number hash } previous { id number } }\n      userErrors { message code }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation StudioSchedule($input: ReleaseScheduleInput!) {\n    releaseSchedule(input: $input) { schedule { id at release { number } } userErrors { message code } }\n  }\n"): (typeof documents)["\n  mutation StudioSchedule($input: ReleaseScheduleInput!) {\n    releaseSchedule(input: $input) { schedule { id at release { number } } userErrors { message code } }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation StudioScheduleCancel($input: ReleaseScheduleCancelInput!) {\n    releaseScheduleCancel(input: $input) { schedule { id state } userErrors { message } }\n  }\n"): (typeof documents)["\n  mutation StudioScheduleCancel($input: ReleaseScheduleCancelInput!) {\n    releaseScheduleCancel(input: $input) { schedule { id state } userErrors { message } }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query StudioCompare($id: ID!, $against: ID!) {\n    node(id: $id) { ... on Release { changes(against: $against) { kind key change summary before after } } }\n  }\n"): (typeof documents)["\n  query StudioCompare($id: ID!, $against: ID!) {\n    node(id: $id) { ... on Release { changes(against: $against) { kind key change summary before after } } }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query StudioRelease($id: ID!) {\n    node(id: $id) {\n      ... on Release {\n        notes hash\n        parent { number title }\n        changes { kind key change summary before after }\n        items(first: 100) { totalCount edges { node { kind key change } } }\n      }\n    }\n  }\n"): (typeof documents)["\n  query StudioRelease($id: ID!) {\n    node(id: $id) {\n      ... on Release {\n        notes hash\n        parent { number title }\n        changes { kind key change summary before after }\n        items(first: 100) { totalCount edges { node { kind key change } } }\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query StudioReleases($slug: String!, $after: String) {\n    frontend(slug: $slug) {\n      releases(first: 25, after: $after) {\n        totalCount\n        pageInfo { hasNextPage endCursor }\n        edges { node { id number hash title createdAt author { name } changes { kind key change summary } } }\n      }\n    }\n  }\n"): (typeof documents)["\n  query StudioReleases($slug: String!, $after: String) {\n    frontend(slug: $slug) {\n      releases(first: 25, after: $after) {\n        totalCount\n        pageInfo { hasNextPage endCursor }\n        edges { node { id number hash title createdAt author { name } changes { kind key change summary } } }\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query StudioLog($slug: String!, $environment: String!, $after: String) {\n    frontend(slug: $slug) {\n      environment(key: $environment) {\n        activations(first: 50, after: $after) {\n          pageInfo { hasNextPage endCursor }\n          edges { node { id kind sequence at reason actor { name } release { number title } previous { number } delivery { frontends lastMs } } }\n        }\n      }\n    }\n  }\n"): (typeof documents)["\n  query StudioLog($slug: String!, $environment: String!, $after: String) {\n    frontend(slug: $slug) {\n      environment(key: $environment) {\n        activations(first: 50, after: $after) {\n          pageInfo { hasNextPage endCursor }\n          edges { node { id kind sequence at reason actor { name } release { number title } previous { number } delivery { frontends lastMs } } }\n        }\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation StudioPromote($input: ReleasePromoteInput!) {\n    releasePromote(input: $input) {\n      activation { id kind release { id number hash } previous { id number } }\n      userErrors { message code ... on LiveMoved { live { number } } }\n    }\n  }\n"): (typeof documents)["\n  mutation StudioPromote($input: ReleasePromoteInput!) {\n    releasePromote(input: $input) {\n      activation { id kind release { id number hash } previous { id number } }\n      userErrors { message code ... on LiveMoved { live { number } } }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation StudioRollBack($input: ReleaseRollBackInput!) {\n    releaseRollBack(input: $input) {\n      activation { id kind release { id number hash } previous { id number } }\n      userErrors { message code ... on LiveMoved { live { number hash } } }\n    }\n  }\n"): (typeof documents)["\n  mutation StudioRollBack($input: ReleaseRollBackInput!) {\n    releaseRollBack(input: $input) {\n      activation { id kind release { id number hash } previous { id number } }\n      userErrors { message code ... on LiveMoved { live { number hash } } }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query StudioSchedules($slug: String!) {\n    frontend(slug: $slug) {\n      environments { key schedules(first: 20) { edges { node { id at state problem release { number title } } } } }\n    }\n  }\n"): (typeof documents)["\n  query StudioSchedules($slug: String!) {\n    frontend(slug: $slug) {\n      environments { key schedules(first: 20) { edges { node { id at state problem release { number title } } } } }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query StudioStanding($slug: String!) {\n    frontend(slug: $slug) {\n      environments {\n        id key\n        live { id number hash title }\n        activations(first: 100) { totalCount edges { node { kind release { id } previous { id } } } }\n      }\n    }\n  }\n"): (typeof documents)["\n  query StudioStanding($slug: String!) {\n    frontend(slug: $slug) {\n      environments {\n        id key\n        live { id number hash title }\n        activations(first: 100) { totalCount edges { node { kind release { id } previous { id } } } }\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query StudioTimeScreens($slug: String!) {\n    frontend(slug: $slug) { screens(first: 100) { edges { node { key title path } } } }\n  }\n"): (typeof documents)["\n  query StudioTimeScreens($slug: String!) {\n    frontend(slug: $slug) { screens(first: 100) { edges { node { key title path } } } }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query StudioThen($frontend: ID!, $environment: String!, $screen: String!, $release: ID!) {\n    screen(at: { key: $screen }, context: { frontend: $frontend, environment: $environment, perspective: { release: $release } }) {\n      id key title path params contentHash root\n      blocks { key component version props slots { name blocks } }\n      degradations { blockKey wanted served reason }\n    }\n  }\n"): (typeof documents)["\n  query StudioThen($frontend: ID!, $environment: String!, $screen: String!, $release: ID!) {\n    screen(at: { key: $screen }, context: { frontend: $frontend, environment: $environment, perspective: { release: $release } }) {\n      id key title path params contentHash root\n      blocks { key component version props slots { name blocks } }\n      degradations { blockKey wanted served reason }\n    }\n  }\n"];
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
export function graphql(source: "\n  subscription StudioFleetSummary {\n    fleet { instances { id serviceName name state utilization health { state } } left complete }\n  }\n"): (typeof documents)["\n  subscription StudioFleetSummary {\n    fleet { instances { id serviceName name state utilization health { state } } left complete }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  subscription StudioFleet($service: String!) {\n    fleet(service: $service) { instances { ...StudioInstanceFacts } left complete }\n  }\n  fragment StudioInstanceFacts on Instance {\n    id name url version agent weight state since lastSeenAt\n    health { state since reason }\n    utilization inFlight capacity cpu cores memory restarts\n    figures { calls errors p50Ms p95Ms p99Ms since }\n  }\n"): (typeof documents)["\n  subscription StudioFleet($service: String!) {\n    fleet(service: $service) { instances { ...StudioInstanceFacts } left complete }\n  }\n  fragment StudioInstanceFacts on Instance {\n    id name url version agent weight state since lastSeenAt\n    health { state since reason }\n    utilization inFlight capacity cpu cores memory restarts\n    figures { calls errors p50Ms p95Ms p99Ms since }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query StudioHistory($service: String!, $minutes: Int!) {\n    fleet(service: $service) { id name history(minutes: $minutes) { at utilization cpu memory inFlight rate errors p50Ms p95Ms p99Ms } }\n  }\n"): (typeof documents)["\n  query StudioHistory($service: String!, $minutes: Int!) {\n    fleet(service: $service) { id name history(minutes: $minutes) { at utilization cpu memory inFlight rate errors p50Ms p95Ms p99Ms } }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation StudioServiceScale($input: ServiceScaleInput!) {\n    serviceScale(input: $input) { service { id ...StudioServiceScaleFacts } userErrors { message } }\n  }\n  fragment StudioServiceScaleFacts on Service {\n    replicas replicasReason replicasSince\n    policy { minimum maximum targetUtilization calmDownSeconds }\n  }\n"): (typeof documents)["\n  mutation StudioServiceScale($input: ServiceScaleInput!) {\n    serviceScale(input: $input) { service { id ...StudioServiceScaleFacts } userErrors { message } }\n  }\n  fragment StudioServiceScaleFacts on Service {\n    replicas replicasReason replicasSince\n    policy { minimum maximum targetUtilization calmDownSeconds }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation StudioServicePolicySet($input: ServicePolicySetInput!) {\n    servicePolicySet(input: $input) { service { id ...StudioServiceScaleFacts } userErrors { message } }\n  }\n"): (typeof documents)["\n  mutation StudioServicePolicySet($input: ServicePolicySetInput!) {\n    servicePolicySet(input: $input) { service { id ...StudioServiceScaleFacts } userErrors { message } }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation StudioInstanceDrain($input: InstanceDrainInput!) {\n    instanceDrain(input: $input) { instance { id state } userErrors { message } }\n  }\n"): (typeof documents)["\n  mutation StudioInstanceDrain($input: InstanceDrainInput!) {\n    instanceDrain(input: $input) { instance { id state } userErrors { message } }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  subscription StudioServices {\n    services {\n      services { ...StudioServiceFacts }\n      withdrawn\n      complete\n    }\n  }\n  fragment StudioServiceFacts on Service {\n    id name url owner description contact repository docsUrl allowedHosts\n    live { id number publishedAt }\n    health { state since reason }\n  }\n"): (typeof documents)["\n  subscription StudioServices {\n    services {\n      services { ...StudioServiceFacts }\n      withdrawn\n      complete\n    }\n  }\n  fragment StudioServiceFacts on Service {\n    id name url owner description contact repository docsUrl allowedHosts\n    live { id number publishedAt }\n    health { state since reason }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query StudioServiceFigures {\n    services(first: 100) {\n      edges { node { id name ...StudioServiceScaleFacts figures { calls errors p50Ms p95Ms p99Ms since breaker } } }\n    }\n    supergraph { id number composedAt }\n  }\n"): (typeof documents)["\n  query StudioServiceFigures {\n    services(first: 100) {\n      edges { node { id name ...StudioServiceScaleFacts figures { calls errors p50Ms p95Ms p99Ms since breaker } } }\n    }\n    supergraph { id number composedAt }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query StudioServiceFrontends {\n    frontends(first: 6) { totalCount edges { node { id slug name } } }\n  }\n"): (typeof documents)["\n  query StudioServiceFrontends {\n    frontends(first: 6) { totalCount edges { node { id slug name } } }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query StudioServiceVersions($name: String!, $after: String) {\n    service(name: $name) {\n      id\n      live { id number }\n      versions(first: 20, after: $after) {\n        totalCount\n        pageInfo { hasNextPage endCursor }\n        edges { node { id number hash publishedAt publishedBy { id name } } }\n      }\n    }\n  }\n"): (typeof documents)["\n  query StudioServiceVersions($name: String!, $after: String) {\n    service(name: $name) {\n      id\n      live { id number }\n      versions(first: 20, after: $after) {\n        totalCount\n        pageInfo { hasNextPage endCursor }\n        edges { node { id number hash publishedAt publishedBy { id name } } }\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query StudioServiceSchemas($ids: [ID!]!) {\n    nodes(ids: $ids) { ... on SubgraphVersion { id number sdl } }\n  }\n"): (typeof documents)["\n  query StudioServiceSchemas($ids: [ID!]!) {\n    nodes(ids: $ids) { ... on SubgraphVersion { id number sdl } }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation StudioSubgraphCheck($input: SubgraphInput!) {\n    subgraphCheck(input: $input) { check { ...StudioCheckFacts } userErrors { message path } }\n  }\n  fragment StudioCheckFacts on SubgraphCheck {\n    ok\n    composition { severity code message hint service line column }\n    changes { kind path breaking message }\n    brokenDocuments { document { id name } frontend { id slug name } reason }\n    brokenElsewhere\n  }\n"): (typeof documents)["\n  mutation StudioSubgraphCheck($input: SubgraphInput!) {\n    subgraphCheck(input: $input) { check { ...StudioCheckFacts } userErrors { message path } }\n  }\n  fragment StudioCheckFacts on SubgraphCheck {\n    ok\n    composition { severity code message hint service line column }\n    changes { kind path breaking message }\n    brokenDocuments { document { id name } frontend { id slug name } reason }\n    brokenElsewhere\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation StudioSubgraphRollBack($input: SubgraphRollBackInput!) {\n    subgraphRollBack(input: $input) { service { id live { id number } } userErrors { message code ... on CompositionFailed { check { ...StudioCheckFacts } } } }\n  }\n"): (typeof documents)["\n  mutation StudioSubgraphRollBack($input: SubgraphRollBackInput!) {\n    subgraphRollBack(input: $input) { service { id live { id number } } userErrors { message code ... on CompositionFailed { check { ...StudioCheckFacts } } } }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation StudioServiceWithdraw($input: ServiceWithdrawInput!) {\n    serviceWithdraw(input: $input) { withdrawn userErrors { message code ... on CompositionFailed { check { ...StudioCheckFacts } } } }\n  }\n"): (typeof documents)["\n  mutation StudioServiceWithdraw($input: ServiceWithdrawInput!) {\n    serviceWithdraw(input: $input) { withdrawn userErrors { message code ... on CompositionFailed { check { ...StudioCheckFacts } } } }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation StudioEnvironmentCreate($input: EnvironmentCreateInput!) {\n    environmentCreate(input: $input) { environment { id key } userErrors { message } }\n  }\n"): (typeof documents)["\n  mutation StudioEnvironmentCreate($input: EnvironmentCreateInput!) {\n    environmentCreate(input: $input) { environment { id key } userErrors { message } }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation StudioEnvironmentUpdate($input: EnvironmentUpdateInput!) {\n    environmentUpdate(input: $input) { environment { id delivery } userErrors { message } }\n  }\n"): (typeof documents)["\n  mutation StudioEnvironmentUpdate($input: EnvironmentUpdateInput!) {\n    environmentUpdate(input: $input) { environment { id delivery } userErrors { message } }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation StudioFrontendUpdate($input: FrontendUpdateInput!) {\n    frontendUpdate(input: $input) { frontend { id name origins previewUrl } userErrors { message path } }\n  }\n"): (typeof documents)["\n  mutation StudioFrontendUpdate($input: FrontendUpdateInput!) {\n    frontendUpdate(input: $input) { frontend { id name origins previewUrl } userErrors { message path } }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query StudioSettings($slug: String!) {\n    frontend(slug: $slug) {\n      id slug name origins previewUrl usageEnabled\n      environments { id key delivery }\n    }\n  }\n"): (typeof documents)["\n  query StudioSettings($slug: String!) {\n    frontend(slug: $slug) {\n      id slug name origins previewUrl usageEnabled\n      environments { id key delivery }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation StudioUsageSet($input: FrontendUpdateInput!) {\n    frontendUpdate(input: $input) { frontend { id usageEnabled } userErrors { message } }\n  }\n"): (typeof documents)["\n  mutation StudioUsageSet($input: FrontendUpdateInput!) {\n    frontendUpdate(input: $input) { frontend { id usageEnabled } userErrors { message } }\n  }\n"];
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
export function graphql(source: "\n  mutation StudioSignIn($input: SessionCreateInput!) {\n    sessionCreate(input: $input) { viewer { ...StudioViewerFacts } userErrors { message code path } }\n  }\n"): (typeof documents)["\n  mutation StudioSignIn($input: SessionCreateInput!) {\n    sessionCreate(input: $input) { viewer { ...StudioViewerFacts } userErrors { message code path } }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation StudioJoin($input: MemberLinkAcceptInput!) {\n    memberLinkAccept(input: $input) { viewer { ...StudioViewerFacts } userErrors { message code path } }\n  }\n"): (typeof documents)["\n  mutation StudioJoin($input: MemberLinkAcceptInput!) {\n    memberLinkAccept(input: $input) { viewer { ...StudioViewerFacts } userErrors { message code path } }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation StudioSetup($input: SetupCompleteInput!) {\n    setupComplete(input: $input) { viewer { ...StudioViewerFacts } userErrors { message code path } }\n  }\n"): (typeof documents)["\n  mutation StudioSetup($input: SetupCompleteInput!) {\n    setupComplete(input: $input) { viewer { ...StudioViewerFacts } userErrors { message code path } }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query WelcomeState($slug: String!) {\n    frontend(slug: $slug) {\n      edited: screens(first: 0, filter: { status: EDITED }) { totalCount }\n      environment { live { number } activations(first: 1) { edges { node { kind sequence } } } }\n    }\n  }\n"): (typeof documents)["\n  query WelcomeState($slug: String!) {\n    frontend(slug: $slug) {\n      edited: screens(first: 0, filter: { status: EDITED }) { totalCount }\n      environment { live { number } activations(first: 1) { edges { node { kind sequence } } } }\n    }\n  }\n"];

export function graphql(source: string) {
  return (documents as any)[source] ?? {};
}

export type DocumentType<TDocumentNode extends DocumentNode<any, any>> = TDocumentNode extends DocumentNode<  infer TType,  any>  ? TType  : never;