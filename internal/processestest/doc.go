// Package processestest holds the tests whose subject is several processes on one PostgreSQL: they are one Sonata,
// whatever happens to one of them, to the way they wake each other, or to the database. It has no code.
//
// The tests carry the build tag postgres and start a PostgreSQL of their own. PROCESS_STREAMS sets how many streams are
// open on each process (500), PROCESS_PAUSE how long the PostgreSQL stands still (12s).
package processestest
