// Package killtest holds the tests whose subject is a process and its file: killed at any moment it leaves the old or
// the new state, whole; asked to stop it finishes; started wrongly it says why in one sentence. It has no code.
//
// KILL_ROUNDS sets how often the process is killed (4 by default), KILL_SEED the choices of the load; both are logged.
package killtest
