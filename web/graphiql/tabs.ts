// What somebody finds who opens GraphiQL for the first time: the shop, from the one query of a frontend to a roll back.

const json = (value: unknown): string => JSON.stringify(value, null, 2);

const screen = `# The one query a frontend needs: a screen,
# as its build can render it. Press the green
# button, or Ctrl+Enter.
# Try the path "/products/lamp", too.
query Screen {
  screen(
    at: { path: "/" }
    context: { frontend: "shop" }
  ) {
    key
    title
    release {
      number
      publishedAt
    }
    contentHash
    root
    blocks {
      key
      component
      version
      props
      slots {
        name
        blocks
      }
    }
    # What was adapted for the build that asks.
    # Pass context.manifest to ask as a build;
    # the sixth tab says where the hash is from.
    degradations {
      blockKey
      wanted
      served
      reason
    }
  }
}
`;

const live = `# Follow what is live. Run it, then publish in
# another window: the answer on the right changes
# by itself.
subscription Live {
  release(
    frontend: "shop"
    environment: "production"
  ) {
    kind
    sequence
    cursor
    release {
      number
      hash
    }
    previous {
      number
    }
    changedScreens
    refetchWithinMs
  }
}
`;

const edit = `# Two steps. Run Draft and copy id and version of
# the screen "home" into the variables below; then
# run EditHeadline. Only the draft changes: the
# live shop waits until somebody publishes.
query Draft {
  frontend(slug: "shop") {
    screens(first: 10) {
      edges {
        node {
          id
          key
          version
          status
          problems {
            severity
            code
            message
          }
        }
      }
    }
  }
}

# Edits are small on purpose: two people on
# different blocks both win. patch is a JSON merge
# patch on the props of one block.
mutation EditHeadline(
  $screen: ID!
  $expectedVersion: Int!
  $title: JSON!
) {
  screenEdit(
    input: {
      screen: $screen
      expectedVersion: $expectedVersion
      ops: [
        {
          setProps: {
            key: "hero"
            patch: { title: $title }
          }
        }
      ]
    }
  ) {
    screen {
      version
      status
    }
    rebased
    userErrors {
      code
      message
      ... on VersionConflict {
        current {
          version
        }
        conflictingBlocks
      }
    }
  }
}
`;

const publish = `# What would go live? Changes in words, what
# stops it, and which builds could not render
# all of it.
query Plan {
  frontend(slug: "shop") {
    publishPlan(environment: "production") {
      canPublish
      expectedLiveHash
      changes {
        kind
        key
        change
        summary
      }
      problems {
        severity
        code
        message
        screen
        blockKey
        pointer
      }
      affectedBuilds {
        build {
          name
        }
        degradations {
          blockKey
          wanted
          served
          reason
        }
      }
    }
  }
}

# Publish it as one atomic, numbered release. Put
# expectedLiveHash from the plan into the variables
# to be refused if somebody published in between.
mutation Publish(
  $title: String!
  $expectedLiveHash: Hash
) {
  releasePublish(
    input: {
      frontend: "shop"
      environment: "production"
      title: $title
      expectedLiveHash: $expectedLiveHash
      acknowledgeWarnings: true
    }
  ) {
    release {
      number
      hash
    }
    activation {
      kind
      sequence
    }
    userErrors {
      code
      message
      ... on PublishBlocked {
        problems {
          code
          message
          screen
          blockKey
        }
      }
      ... on LiveMoved {
        live {
          number
          title
        }
      }
    }
  }
}
`;

const rollBack = `# The releases of the shop, newest first, and
# which one is live.
query Releases {
  frontend(slug: "shop") {
    environment(key: "production") {
      live {
        id
        number
      }
    }
    releases(first: 10) {
      edges {
        node {
          id
          number
          title
          createdAt
        }
      }
    }
  }
}

# One call takes a release back: copy the id of an
# older one into the variables. Drafts stay.
mutation RollBack(
  $toRelease: ID!
  $reason: String!
) {
  releaseRollBack(
    input: {
      frontend: "shop"
      environment: "production"
      toRelease: $toRelease
      reason: $reason
    }
  ) {
    release {
      number
      title
    }
    activation {
      kind
      sequence
    }
    userErrors {
      code
      message
    }
  }
}
`;

const build = `# What builds are out there? The manifest is the
# hash of what one can render: pass it as
# context.manifest in the first tab and see the
# screen as that build.
query Builds {
  frontend(slug: "shop") {
    builds(first: 20) {
      edges {
        node {
          name
          manifest
          registeredAt
          lastSeenAt
        }
      }
    }
  }
}

# For the CI of a frontend: register what a new
# bundle can render. This one knows three
# components; a hero would reach it as a banner.
mutation RegisterBuild(
  $components: [ComponentSupportInput!]!
) {
  buildRegister(
    input: {
      frontend: "shop"
      name: "tiny"
      components: $components
    }
  ) {
    build {
      name
    }
    manifest
    breakingChanges
    userErrors {
      code
      message
    }
  }
}
`;

const own = `# Your own frontend, in six steps: press the button
# and run them one after the other.
# 1. Register it. It gets the environments
#    "production" and "staging".
mutation YourOwnFrontend {
  frontendCreate(
    input: { slug: "mine", name: "My frontend" }
  ) {
    frontend {
      slug
      environments {
        key
      }
    }
    userErrors {
      code
      message
    }
  }
}

# 2. What can its first build render? Its CI says
#    so, with the schema of each component.
mutation FirstBuild {
  buildRegister(
    input: {
      frontend: "mine"
      name: "1.0"
      components: [
        {
          key: "page"
          version: "1.0"
          slots: ["children"]
        }
        {
          key: "text"
          version: "1.0"
          propsSchema: {
            type: "object"
            properties: { text: { type: "string" } }
          }
        }
      ]
    }
  ) {
    manifest
    userErrors {
      code
      message
    }
  }
}

# 3. A screen: a page with a text on it.
mutation FirstScreen {
  screenCreate(
    input: {
      frontend: "mine"
      key: "home"
      title: "Home"
      path: "/"
      body: {
        format: 1
        root: "root"
        blocks: {
          root: {
            component: "page"
            major: 1
            props: {}
            slots: { children: ["hello"] }
          }
          hello: {
            component: "text"
            major: 1
            props: { text: "Hello" }
            slots: {}
          }
        }
      }
    }
  ) {
    screen {
      id
      status
      problems {
        severity
        message
      }
    }
    userErrors {
      code
      message
    }
  }
}

# 4. Publish it. From now on the first tab answers
#    for the frontend "mine", too.
mutation FirstRelease {
  releasePublish(
    input: {
      frontend: "mine"
      title: "First release"
    }
  ) {
    release {
      number
    }
    userErrors {
      code
      message
    }
  }
}

# 5. Show the same release in staging.
mutation ToStaging {
  releasePromote(
    input: {
      frontend: "mine"
      from: "production"
      to: "staging"
    }
  ) {
    release {
      number
    }
    userErrors {
      code
      message
    }
  }
}

# 6. Let somebody see drafts: your frontend passes
#    the token as
#    context.perspective.previewToken.
mutation PreviewLink {
  previewLinkCreate(input: { frontend: "mine" }) {
    token
    expiresAt
    userErrors {
      code
      message
    }
  }
}
`;

/** Versions that are registered already may be named without their schemas. */
const tiny = [
  { key: 'page', version: '1.0' },
  { key: 'banner', version: '1.0' },
  { key: 'product-grid', version: '1.0' },
];

export const tabs = [
  // Without variables: GraphiQL does not show those of the tab that is open first.
  { query: screen },
  { query: live },
  { query: edit, variables: json({ screen: 'the id from Draft', expectedVersion: 1, title: 'Warm rooms for cold nights' }) },
  { query: publish, variables: json({ title: 'A new headline' }) },
  { query: rollBack, variables: json({ toRelease: 'the id from Releases', reason: 'The old headline was better' }) },
  { query: build, variables: json({ components: tiny }) },
  { query: own },
];
