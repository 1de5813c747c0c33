// Reads [{name, url, sdl}] and writes the supergraph that the other gateway runs.
import { readFileSync } from "node:fs";
import { composeServices } from "@theguild/federation-composition";
import { parse } from "graphql";

const services = JSON.parse(readFileSync(0, "utf8"));
const result = composeServices(services.map(({ name, url, sdl }) => ({ name, url, typeDefs: parse(sdl) })));
if (!result.supergraphSdl) throw new Error(JSON.stringify(result.errors));
process.stdout.write(result.supergraphSdl);
