import { createServer } from "node:http";
import { lots } from "@tse/domain";
import { start } from "@tse/exchange-simulator"; // breaks noRestrictedImports noUndeclaredDependencies
import { Venue } from "@tse/venue"; // breaks noRestrictedImports noUndeclaredDependencies
import fastify from "fastify";

export const imported = [createServer, lots, start, Venue, fastify];
