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
	CheckSubgraph = `mutation SubgraphCheck($input: SubgraphInput!) {
  subgraphCheck(input: $input) {
    check { ...Check }
    userErrors { message path }
  }
}` + subgraphCheck
	PublishSubgraph = `mutation SubgraphPublish($input: SubgraphPublishInput!) {
  subgraphPublish(input: $input) {
    service { name live { number } }
    supergraph { number }
    userErrors { message path ... on CompositionFailed { code check { ...Check } } }
  }
}` + subgraphCheck
	RollBackSubgraph = `mutation SubgraphRollBack($input: SubgraphRollBackInput!) {
  subgraphRollBack(input: $input) {
    service { name live { number } }
    supergraph { number }
    userErrors { message path ... on CompositionFailed { code check { ...Check } } }
  }
}` + subgraphCheck
	WithdrawService = `mutation ServiceWithdraw($input: ServiceWithdrawInput!) {
  serviceWithdraw(input: $input) {
    withdrawn
    supergraph { number }
    userErrors { message path ... on CompositionFailed { code check { ...Check } } }
  }
}` + subgraphCheck

	subgraphCheck = `
fragment Check on SubgraphCheck {
  ok
  composition { severity code message hint service line column }
  changes { path breaking message }
  brokenDocuments { document { name } frontend { slug } reason }
  brokenElsewhere
  brokenScreens { frontend { slug } environment screenKey reason }
}`
)

// OfCommands are all of them.
func OfCommands() []string {
	return []string{RegisterBuild, PushDocuments, CheckSubgraph, PublishSubgraph, RollBackSubgraph, WithdrawService}
}
