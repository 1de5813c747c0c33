// Types of the studio's documents, out of the hand-written schema. The result is committed: CI makes it again.
export default {
  schema: '../schema/*.graphql',
  documents: ['{studio,welcome}/**/*.{ts,tsx}', '!studio/gql/**'],
  ignoreNoDocuments: true,
  silent: true,
  generates: {
    'studio/gql/': {
      preset: 'client',
      presetConfig: { fragmentMasking: false },
      config: {
        documentMode: 'documentNode',
        useTypeImports: true,
        enumsAsTypes: true,
        skipTypename: true,
        scalars: { BlockProps: 'import("../lib/json").JsonObject', Hash: 'string', JSON: 'import("../lib/json").Json', Time: 'string' },
      },
    },
  },
};
