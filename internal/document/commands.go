package document

// The documents that the command line sends.
const (
	RegisterBuild = `mutation BuildRegister($input: BuildRegisterInput!) {
  buildRegister(input: $input) {
    manifest
    breakingChanges
    userErrors { message path }
  }
}`
	PushDocuments = `mutation DocumentsRegister($input: DocumentsRegisterInput!) {
  documentsRegister(input: $input) {
    added
    documents { hash }
    userErrors { message path ... on DocumentInvalid { name line column } }
  }
}`
)

// OfCommands are all of them.
func OfCommands() []string { return []string{RegisterBuild, PushDocuments} }
