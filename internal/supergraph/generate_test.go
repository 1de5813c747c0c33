package supergraph

import (
	"fmt"
	"strings"
)

const linkLine = `extend schema @link(url: "https://specs.apollo.dev/federation/v2.9", import: ["@key", "@shareable", "@external", "@requires"])` + "\n"

// entService writes a schema as ent's GraphQL extension does: of each entity a type, its connection, edges, an order, a
// filter with about sixty fields, and inputs.
func entService(first, count int, refers []int) string {
	var b strings.Builder
	b.WriteString(linkLine)
	b.WriteString("scalar Time\nscalar Cursor\nenum OrderDirection { ASC DESC }\ninterface Node { id: ID! }\n")
	b.WriteString("type PageInfo @shareable { hasNextPage: Boolean! hasPreviousPage: Boolean! startCursor: Cursor endCursor: Cursor }\n")
	b.WriteString("type Query {\n")
	for i := first; i < first+count; i++ {
		fmt.Fprintf(&b, "  entity%[1]ds(after: Cursor, first: Int, before: Cursor, last: Int, orderBy: Entity%[1]dOrder, where: Entity%[1]dWhereInput): Entity%[1]dConnection!\n", i)
	}
	b.WriteString("}\ntype Mutation {\n")
	for i := first; i < first+count; i++ {
		fmt.Fprintf(&b, "  createEntity%[1]d(input: CreateEntity%[1]dInput!): Entity%[1]d!\n  updateEntity%[1]d(id: ID!, input: UpdateEntity%[1]dInput!): Entity%[1]d!\n", i)
	}
	b.WriteString("}\n")
	for i := first; i < first+count; i++ {
		entEntity(&b, i, first+(i-first+1)%count)
	}
	for _, i := range refers {
		fmt.Fprintf(&b, "type Entity%[1]d @key(fields: \"id\") { id: ID! name: String! @external label%[2]d: String @requires(fields: \"name\") near%[2]d: [Entity%[2]d!] }\n", i, first)
	}
	return b.String()
}

func entEntity(b *strings.Builder, i, next int) {
	fmt.Fprintf(b, "\"What is kept of one thing\"\ntype Entity%[1]d implements Node @key(fields: \"id\") {\n  id: ID!\n  \"When it was made\"\n  createdAt: Time!\n  updatedAt: Time!\n  name: String!\n  text: String\n  count: Int!\n  rate: Float\n  active: Boolean!\n  next: Entity%[2]d\n  all(after: Cursor, first: Int, where: Entity%[2]dWhereInput): Entity%[2]dConnection!\n}\n", i, next)
	fmt.Fprintf(b, "type Entity%[1]dConnection { edges: [Entity%[1]dEdge] pageInfo: PageInfo! totalCount: Int! }\n", i)
	fmt.Fprintf(b, "type Entity%[1]dEdge { node: Entity%[1]d cursor: Cursor! }\n", i)
	fmt.Fprintf(b, "input Entity%[1]dOrder { direction: OrderDirection! = ASC field: Entity%[1]dOrderField! }\nenum Entity%[1]dOrderField { CREATED_AT UPDATED_AT NAME }\n", i)
	fmt.Fprintf(b, "input Entity%[1]dWhereInput {\n  not: Entity%[1]dWhereInput\n  and: [Entity%[1]dWhereInput!]\n  or: [Entity%[1]dWhereInput!]\n", i)
	for _, f := range []string{"id ID", "createdAt Time", "updatedAt Time", "name String", "text String", "count Int", "rate Float"} {
		name, t, _ := strings.Cut(f, " ")
		fmt.Fprintf(b, "  %[1]s: %[2]s\n  %[1]sNEQ: %[2]s\n  %[1]sIn: [%[2]s!]\n  %[1]sNotIn: [%[2]s!]\n  %[1]sGT: %[2]s\n  %[1]sGTE: %[2]s\n  %[1]sLT: %[2]s\n  %[1]sLTE: %[2]s\n", name, t)
	}
	fmt.Fprintf(b, "  hasNext: Boolean\n  hasNextWith: [Entity%dWhereInput!]\n}\n", next)
	fmt.Fprintf(b, "input CreateEntity%[1]dInput { name: String! text: String count: Int rate: Float active: Boolean nextID: ID }\n", i)
	fmt.Fprintf(b, "input UpdateEntity%[1]dInput { name: String text: String clearText: Boolean count: Int addCount: Int rate: Float clearRate: Boolean active: Boolean nextID: ID clearNext: Boolean }\n", i)
}

// entSubgraphs are three services with sixty entities together, which refer to each other's.
func entSubgraphs() []Subgraph {
	refer := func(from int) (list []int) {
		for i := from; i < from+20; i++ {
			list = append(list, i)
		}
		return list
	}
	return []Subgraph{
		{Name: "a", SDL: entService(0, 20, refer(20))},
		{Name: "b", SDL: entService(20, 20, refer(40))},
		{Name: "c", SDL: entService(40, 20, refer(0))},
	}
}
